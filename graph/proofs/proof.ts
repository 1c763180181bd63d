import type { Ledger } from "../ledger/ledger";
import { type Graph, GraphIndex, type PlannedResource } from "../model";
import type { Finding } from "../policy/evaluate";
import { regionsOf, ServiceIndex } from "../services";

/** What the proofs know of an environment that the planned resources do not say. */
export interface ProofFacts {
  /** Servers that the highest load of a service needs, by its name. */
  readonly peaks: Readonly<Record<string, number>>;
  /** Requests a second that one server of a service carries, by its name. */
  readonly requestsPerServer: Readonly<Record<string, number>>;
  /** Names that fail over: the services that clients reach by each, and those of which one that is ill moves it. */
  readonly names: Readonly<
    Record<string, { readonly services: readonly string[]; readonly movedBy: readonly string[] }>
  >;
  /** Percent of the time that each service is promised to answer. */
  readonly availabilityPercent: number;
}

/** A plan, as proofs read it. */
export class ProofContext {
  readonly index: GraphIndex;
  readonly services: ServiceIndex;
  /** Regions of the stack: the first one of the failover records first. */
  readonly regions: readonly string[];

  constructor(
    readonly graph: Graph,
    readonly ledger: Ledger,
    readonly findings: readonly Finding[],
    readonly facts: ProofFacts,
  ) {
    this.index = new GraphIndex(graph);
    this.services = new ServiceIndex(graph.resources);
    const primary = this.failoverRecords().find(({ inputs }) => roleOf(inputs) === "PRIMARY")?.region;
    this.regions = regionsOf(graph.resources).sort((a, b) => Number(b === primary) - Number(a === primary));
  }

  /** Returns the resources of a type in a region, or in all of them. */
  of(type: string, region?: string): readonly PlannedResource[] {
    const all = this.index.ofType(type);
    return region === undefined ? all : all.filter((resource) => resource.region === region);
  }

  /** Returns the records by which Route 53 moves a name. */
  failoverRecords(): readonly PlannedResource[] {
    return this.of("aws:route53/record:Record").filter(({ inputs }) => roleOf(inputs) !== undefined);
  }

  /** Returns the health checks without children that a record's answer depends on. */
  leavesOf(record: PlannedResource): readonly PlannedResource[] {
    const byId = new Map(this.of("aws:route53/healthCheck:HealthCheck").map((each) => [each.outputs["id"], each]));
    const found = new Set<PlannedResource>();
    const visit = (id: unknown): void => {
      const check = byId.get(id);
      if (check === undefined || found.has(check)) return;
      const children = (check.inputs["childHealthchecks"] ?? []) as unknown[];
      if (children.length === 0) found.add(check);
      for (const child of children) visit(child);
    };
    visit(record.inputs["healthCheckId"]);
    return [...found];
  }

  /** Returns the findings of rules of the policy pack at a level, as sentences. */
  foundBy(rules: readonly string[], level: Finding["level"]): string[] {
    return this.findings
      .filter((each) => rules.includes(each.policy) && each.level === level)
      .map(({ policy, urn, message }) => `${urn.split("::").at(-1)}: ${message.split("\n")[0]} (${policy})`);
  }

  /**
   * Tells whether the answer of a record counts as healthy while the checks of some services fail.
   * @param ill  names of services, by which the paths of their checks begin
   */
  isHealthy(record: PlannedResource, ill: ReadonlySet<string>): boolean {
    const checks = new Map(
      this.of("aws:route53/healthCheck:HealthCheck").map((each) => [each.outputs["id"], each.inputs]),
    );
    const healthy = (id: unknown): boolean => {
      const inputs = checks.get(id);
      const children = (inputs?.["childHealthchecks"] ?? []) as unknown[];
      if (children.length > 0) return children.filter(healthy).length >= Number(inputs?.["childHealthThreshold"]);
      const [, service = ""] = /^\/([^/]+)\//.exec(String(inputs?.["resourcePath"] ?? "")) ?? [];
      return !ill.has(service);
    };
    return healthy(record.inputs["healthCheckId"]);
  }
}

/** Returns the role of a failover record. */
export function roleOf(inputs: PlannedResource["inputs"]): string | undefined {
  return inputs["failoverRoutingPolicies"]?.[0]?.type;
}

/** What a proof has found. */
export interface Shown {
  /** What the plan has that proves the statement, as sentences. */
  readonly evidence: readonly string[];
  /** What in the plan contradicts it, as sentences. */
  readonly broken: readonly string[];
  /** What of the statement no plan can show, as sentences. */
  readonly open?: readonly string[];
}

/** A statement about a plan, and how it is shown. */
export interface Proof {
  /** Number of the statement in docs/proof.md. */
  readonly statement: number;
  readonly claim: string;
  /** Rules of the policy pack that check a part of it. */
  readonly rules?: readonly string[];
  /** Returns what is shown, or nothing where the stack has nothing that the statement is about. */
  readonly show: (plan: ProofContext) => Shown | undefined;
}
