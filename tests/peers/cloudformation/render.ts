import type { Graph, PlannedResource } from "../../../graph/model";
import { attempt, convert, merge, pascal, words } from "./convert";
import type { CfnResource, Mapping, MappingTable, TypeMapping } from "./mapping";
import { References } from "./references";
import { balancingMappings } from "./types-balancing";
import { computeMappings } from "./types-compute";
import { edgeMappings } from "./types-edge";
import { messagingMappings } from "./types-messaging";
import { networkMappings } from "./types-network";
import { restMappings } from "./types-rest";
import { stateMappings } from "./types-state";
import { webMappings } from "./types-web";
import { expandVpc } from "./vpc";

export const mappings: MappingTable = {
  ...networkMappings,
  ...balancingMappings,
  ...computeMappings,
  ...stateMappings,
  ...webMappings,
  ...messagingMappings,
  ...edgeMappings,
  ...restMappings,
};

export interface Template {
  readonly region: string;
  readonly Resources: Readonly<Record<string, CfnResource>>;
  /** The planned resource that a logical id stands for. */
  readonly origins: ReadonlyMap<string, PlannedResource>;
}

export interface Rendering {
  readonly templates: readonly Template[];
  /** A sentence per type and per property that has neither a counterpart nor a reason to have none. */
  readonly problems: readonly string[];
}

/** Renders what AWS would hold as CloudFormation, one template per region. It is made to be judged, not deployed. */
export function renderCloudFormation(graph: Graph): Rendering {
  const planned = graph.resources.filter(({ custom, remote, type }) => (custom || remote) && !/^pulumi:/.test(type));
  const mapped = planned.filter(({ type }) => mappings[type] !== undefined);
  const unmapped = new Set(planned.map(({ type }) => type).filter((type) => mappings[type] === undefined));
  const byRegion = new Map<string, PlannedResource[]>();
  for (const resource of mapped) {
    const region = regionOf(resource);
    byRegion.set(region, [...(byRegion.get(region) ?? []), resource]);
  }
  const regions = [...byRegion].sort().map(([region, resources]) => new Region(region, resources));
  const mend = "map it, or say why it has none, in tests/peers/cloudformation/types-*.ts";
  return {
    templates: regions.map((region) => region.render()),
    problems: [
      ...[...unmapped].map((type) => `${type} has no CloudFormation counterpart; ${mend}`),
      ...regions.flatMap(({ problems }) =>
        problems.map((problem) => `${problem} has no CloudFormation counterpart; ${mend}`),
      ),
    ],
  };
}

/** awsx components have no provider of their own; their zones tell. */
function regionOf({ region, inputs }: PlannedResource): string {
  return region ?? inputs["availabilityZoneNames"]?.[0]?.slice(0, -1) ?? "us-east-1";
}

class Region {
  private readonly resources: Record<string, CfnResource> = {};
  private readonly logicalIds = new Map<string, string>();
  private readonly origins = new Map<string, PlannedResource>();
  private readonly references = new References();
  readonly problems: string[] = [];

  constructor(
    private readonly region: string,
    private readonly planned: readonly PlannedResource[],
  ) {}

  render(): Template {
    for (const resource of this.planned) this.place(resource, mappings[resource.type]!);
    for (const resource of this.planned) this.placePart(resource, mappings[resource.type]!);
    return { region: this.region, Resources: this.references.resolve(this.resources), origins: this.origins };
  }

  private place(resource: PlannedResource, mapping: Mapping): void {
    if (mapping.kind === "expanded") {
      const expansion = this.noted(resource, () => expandVpc(resource, this.region));
      for (const [id, item] of Object.entries(expansion?.resources ?? {})) this.add(id, item, resource);
      for (const [value, target] of expansion?.values ?? []) this.references.add(value, target);
    } else if (mapping.kind === "type") this.placeType(resource, mapping);
  }

  private placeType(resource: PlannedResource, mapping: TypeMapping): void {
    const cfnType = mapping.typeFor?.(resource.inputs) ?? mapping.type;
    const id = logicalId(resource.name, mapping.type);
    const { properties, attributes, unmapped } = convert(resource.inputs, mapping.fields);
    this.note(resource, unmapped);
    if (mapping.attributeList && attributes.length > 0) properties[mapping.attributeList] = attributes;
    const { finish, more } = mapping;
    const finished = (finish && this.noted(resource, () => finish(properties, resource))) ?? properties;
    const others = more && this.noted(resource, () => more(finished, resource, id));
    for (const [suffix, item] of Object.entries(others ?? {})) this.add(id + suffix, item, resource);
    this.add(id, { Type: cfnType, Properties: finished }, resource);
    this.logicalIds.set(resource.urn, id);
    const { ref = "id", attributes: outputs = { arn: "Arn" } } = mapping;
    for (const [path, target] of [
      [ref, id],
      ...Object.entries(outputs).map(([path, name]) => [path, `${id}.${name}`]),
    ]) {
      const value = path!.split(".").reduce((at: any, key) => at?.[key], resource.outputs);
      // A name that the program chose is as good a reference, and may be the name of something else, too.
      if (!Object.values(resource.inputs).includes(value)) this.references.add(value, target!);
    }
  }

  private placePart(piece: PlannedResource, mapping: Mapping): void {
    if (mapping.kind !== "part") return;
    const whole = this.planned.find((resource) => resource.type === mapping.of && mapping.matches(piece, resource));
    const target = whole && this.resources[this.logicalIds.get(whole.urn) ?? ""];
    if (target === undefined) throw new Error(`${piece.type} "${piece.name}": no ${mapping.of} in ${this.region}`);
    const { properties, unmapped } = convert(piece.inputs, mapping.fields);
    this.note(piece, unmapped);
    merge(target.Properties, mapping.finish?.(properties, piece) ?? properties);
  }

  private noted<T>(resource: PlannedResource, make: () => T): T | undefined {
    const unmapped: string[] = [];
    const made = attempt(make, unmapped, "");
    this.note(resource, unmapped);
    return made;
  }

  private note({ type, name }: PlannedResource, unmapped: readonly string[]): void {
    this.problems.push(...unmapped.map((path) => `${type} "${name}": ${path}`));
  }

  private add(id: string, item: CfnResource, origin: PlannedResource): void {
    if (this.resources[id] !== undefined) throw new Error(`logical id ${id} is taken twice; see "${origin.name}"`);
    this.resources[id] = item;
    this.origins.set(id, origin);
  }
}

/** `eu-west-1-food-store-task`, `AWS::ECS::TaskDefinition`: `EuWest1FoodStoreTaskEcsTaskDefinition`. */
function logicalId(name: string, type: string): string {
  const [, service = "", kind = ""] = type.split("::");
  return `${words(name)}${pascal(service.toLowerCase())}${kind}`;
}
