import { isInAws, layerOf } from "../layers";
import type { Graph, PlannedResource } from "../model";
import { providerAnswer } from "../outputs";
import { ServiceIndex } from "../services";
import { buildHashes } from "./builds";
import { Consequences } from "./consequences";
import type { Baseline, Difference, Operation, ResourceChange } from "./difference";
import { compareInputs, type InputContext, type InputDifference, type Match } from "./inputs";
import { isKnown } from "./replacements";
import { standInNames } from "./show";
import { Translation } from "./stand-ins";

/** Types that keep data, or what data cannot be read without: to delete one loses it. */
const keepsData = new Set([
  "aws:cognito/userPool:UserPool",
  "aws:dynamodb/table:Table",
  "aws:kms/key:Key",
  "aws:route53/zone:Zone",
  "aws:s3/bucket:Bucket",
]);

/** Compares a plan with another plan of the same stack, or with the stack as it is deployed. */
export function compare(baseline: Baseline, plan: Graph): Difference {
  return new Comparison(withOutputs(baseline), plan).run();
}

/** A plan that was read from a file has no outputs; they are the same for the same resource, so they are made again. */
function withOutputs(baseline: Baseline): Baseline {
  if (baseline.deployed) return baseline;
  const resources = baseline.graph.resources.map((resource) => {
    const { id, outputs } = providerAnswer({ ...resource, inputs: resource.inputs });
    return { ...resource, outputs: { ...resource.inputs, ...outputs, ...(id === undefined ? {} : { id }) } };
  });
  return { ...baseline, graph: { ...baseline.graph, resources } };
}

/** One comparison. */
class Comparison {
  private readonly matches: ReadonlyMap<string, Match>;
  private readonly created: readonly PlannedResource[];
  private readonly deleted: readonly PlannedResource[];
  private readonly madeByOthers: number;
  private readonly context: InputContext;

  constructor(
    private readonly baseline: Baseline,
    private readonly plan: Graph,
  ) {
    const before = baseline.graph.resources;
    this.matches = matchesOf(before, plan.resources);
    const matched = new Set([...this.matches.values()].map(({ old }) => old.urn));
    const gone = before.filter((resource) => !matched.has(resource.urn) && isInAws(resource));
    // The plan registers a component of awsx as one resource; a deployed stack has what the component makes.
    const byUrn = new Map(before.map((resource) => [resource.urn, resource]));
    const own = gone.filter((resource) => !isBelowRemote(resource, byUrn));
    this.deleted = own;
    this.madeByOthers = gone.length - own.length;
    this.created = plan.resources.filter((resource) => !this.matches.has(resource.urn) && isInAws(resource));
    this.context = {
      deployed: baseline.deployed,
      builds: buildHashes([...before, ...plan.resources]),
      matches: this.matches,
      lookedUp: new Set(plan.lookedUp ?? []),
      show: standInNames([...before, ...plan.resources]),
    };
  }

  run(): Difference {
    const translation = new Translation(this.matches);
    const differences = new Map<string, InputDifference>();
    const consequences = new Consequences(this.plan);
    const candidates = [...this.matches.values()].filter((match) => isInAws(match.now) && !this.isHidden(match));
    let waiting = candidates;
    while (waiting.length > 0) {
      for (const match of waiting) {
        const inputs = consequences.applyTo(match.now, translation.inputs(match.now));
        const difference = compareInputs(match, inputs, this.context);
        differences.set(match.now.urn, difference);
        if (difference.properties.length > 0) consequences.add(match.now, difference.properties);
      }
      waiting = consequences.takeDependents().flatMap((urn) => this.matches.get(urn) ?? []);
    }
    return this.difference(candidates, differences);
  }

  /** Tells whether the state does not say what a resource was given: of a component of awsx it may have nothing. */
  private isHidden({ old, now }: Match): boolean {
    return this.baseline.deployed && now.remote && Object.keys(old.inputs).length === 0;
  }

  private difference(candidates: readonly Match[], differences: ReadonlyMap<string, InputDifference>): Difference {
    const places = new Places(this.baseline.graph, this.plan);
    const changed = candidates.flatMap(({ old, now }) => {
      const { properties } = differences.get(now.urn)!;
      if (properties.length === 0) return [];
      const operation = properties.some(({ replaces }) => replaces) ? "replace" : "update";
      return places.change(operation, now, {
        properties,
        refused: old.protect && now.protect && operation === "replace",
      });
    });
    const changes = [
      ...changed,
      ...this.deleted.map((old) => places.change("delete", old, { refused: old.protect })),
      ...this.created.map((now) => places.change("create", now, {})),
    ];
    return {
      stack: this.plan.stack,
      from: this.baseline.from,
      changes: changes.sort(byPlace),
      unchanged: candidates.length - changed.length,
      ...regionsOf(this.baseline.graph, this.plan),
      notKnown: this.notKnown(changes, [...differences.values()]),
    };
  }

  private notKnown(changes: readonly ResourceChange[], differences: readonly InputDifference[]): string[] {
    const notCompared = differences.reduce((sum, each) => sum + each.notCompared, 0);
    const uncertain = changes.filter(({ maybeReplaces }) => maybeReplaces).map(({ name }) => name);
    const hidden = [...this.matches.values()].filter((match) => this.isHidden(match)).map(({ now }) => now.name);
    return [
      ...(hidden.length > 0 ? [`changes of ${hidden.join(", ")}, whose inputs are not in the state`] : []),
      ...(uncertain.length > 0
        ? [`whether the change replaces, or what it replaces inside: ${uncertain.join(", ")}`]
        : []),
      ...(notCompared > 0
        ? [`${notCompared} values that are secret, or that only AWS knows; they were not compared`]
        : []),
      ...(this.madeByOthers > 0
        ? [`${this.madeByOthers} resources that components of awsx make; a plan has none of them`]
        : []),
      ...(this.baseline.deployed ? ["what was changed in AWS by other means; `pulumi refresh` finds it"] : []),
    ];
  }
}

/** Finds the layer and the service of a resource of either stack. */
class Places {
  private readonly byUrn: ReadonlyMap<string, PlannedResource>;
  private readonly services: ServiceIndex;

  constructor(before: Graph, plan: Graph) {
    const all = [...before.resources, ...plan.resources];
    this.byUrn = new Map(all.map((resource) => [resource.urn, resource]));
    this.services = new ServiceIndex(all);
  }

  change(
    operation: Operation,
    resource: PlannedResource,
    { properties = [], refused = false }: Partial<Pick<ResourceChange, "properties" | "refused">>,
  ): ResourceChange {
    const { urn, type, name, region } = resource;
    const service = this.services.of(resource);
    return {
      operation,
      urn,
      type,
      name,
      ...(region === undefined ? {} : { region }),
      ...(service === undefined ? {} : { service }),
      layer: layerOf(resource, this.byUrn),
      properties,
      maybeReplaces: operation === "update" && !isKnown(type) && properties.some(({ kind }) => kind !== "build"),
      refused,
      losesData: (operation === "replace" || operation === "delete") && keepsData.has(type),
    };
  }
}

/** Pairs each resource of the plan with the one of the same URN before, else with one that an alias names. */
function matchesOf(before: readonly PlannedResource[], plan: readonly PlannedResource[]): Map<string, Match> {
  const olds = new Map(before.map((resource) => [resource.urn, resource]));
  const urns = new Set(plan.map(({ urn }) => urn));
  const matches = new Map<string, Match>();
  for (const now of plan) {
    const alias = now.aliases?.find((urn) => olds.has(urn) && !urns.has(urn));
    const old = olds.get(now.urn) ?? (alias === undefined ? undefined : olds.get(alias));
    if (old !== undefined) matches.set(now.urn, { old, now });
  }
  return matches;
}

function isBelowRemote({ parent }: PlannedResource, byUrn: ReadonlyMap<string, PlannedResource>): boolean {
  const above = parent === undefined ? undefined : byUrn.get(parent);
  return above !== undefined && (above.remote || isBelowRemote(above, byUrn));
}

function regionsOf(before: Graph, plan: Graph): Pick<Difference, "newRegions" | "goneRegions"> {
  const regions = ({ resources }: Graph) => new Set(resources.filter(isInAws).flatMap(({ region }) => region ?? []));
  const [old, now] = [regions(before), regions(plan)];
  return {
    newRegions: [...now].filter((region) => !old.has(region)).sort(),
    goneRegions: [...old].filter((region) => !now.has(region)).sort(),
  };
}

function byPlace(a: ResourceChange, b: ResourceChange): number {
  return a.urn < b.urn ? -1 : 1;
}
