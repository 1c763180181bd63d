import type { GraphIndex, PlannedResource } from "../../graph/model";
import type { TimeScale } from "../time-scale";
import { oneOf, unsupported } from "../unsupported";
import { EndpointCheck, type HealthCheck, readHealthChecks } from "./health-check";

export interface Route53Options {
  readonly time: TimeScale;
  /** Base URL of a region's API, by API id; undefined while it is down. */
  readonly gateway: (apiId: string) => string | undefined;
  readonly changed?: (check: HealthCheck) => void;
}

/** Where an alias record leads: an API, through a regional custom domain. */
interface Destination {
  readonly region: string;
  readonly apiId: string;
}

interface Answer extends Destination {
  /** Unset for a record without routing policy. */
  readonly role?: "PRIMARY" | "SECONDARY";
  readonly check?: HealthCheck;
}

/** The planned alias records and health checks. A change of answer shows at once: alias TTLs are not simulated. */
export class Route53 {
  readonly checks: ReadonlyMap<string, HealthCheck>;
  private readonly names = new Map<string, Answer[]>();

  constructor(
    private readonly index: GraphIndex,
    options: Route53Options,
  ) {
    // Checks ask for names before the records that need the checks are read.
    const located = new Map<string, Destination>();
    const records = index.ofType("aws:route53/record:Record").filter((record) => record.outputs["aliases"]?.length > 0);
    const destinations = records.map((record) => [record, this.destination(record)] as const);
    for (const [record, destination] of destinations) {
      if (record.outputs["setIdentifier"] === undefined) located.set(record.outputs["name"], destination);
    }
    this.checks = readHealthChecks(index, {
      time: options.time,
      changed: options.changed ?? (() => {}),
      locate: (fqdn) => {
        const destination = located.get(fqdn);
        if (destination === undefined)
          throw new Error(
            `no planned alias record without failover has the name ${fqdn}, which a health check asks for; add it`,
          );
        return options.gateway(destination.apiId);
      },
    });
    for (const [record, destination] of destinations) this.add(record, destination);
  }

  start(): void {
    for (const check of this.checks.values()) if (check instanceof EndpointCheck) check.start();
  }

  stop(): void {
    for (const check of this.checks.values()) if (check instanceof EndpointCheck) check.stop();
  }

  /** What clients call: the name that fails over, else the shortest, as a region's own has the region before it. */
  get globalName(): string {
    const names = [...this.names.keys()].sort((a, b) => a.length - b.length);
    const name = names.find((each) => this.names.get(each)![0]!.role) ?? names[0];
    if (name === undefined)
      throw new Error(
        `stack "${this.index.graph.stack}" has no alias record that leads to an API; plan its edge layer`,
      );
    return name;
  }

  /** Failover: the primary if healthy, else the secondary if healthy, else the primary. @throws on an unknown name */
  resolve(name: string): Destination {
    const answers = this.names.get(name);
    if (answers === undefined) throw new Error(`no planned alias record has the name ${name}`);
    const up = (answer: Answer) => answer.check?.healthy ?? true;
    const [primary] = answers;
    return answers.find(up) ?? primary!;
  }

  private add(record: PlannedResource, destination: Destination): void {
    const { outputs } = record;
    for (const policy of ["weightedRoutingPolicies", "latencyRoutingPolicies", "geolocationRoutingPolicies"]) {
      oneOf(record, policy, [undefined], outputs[policy]);
    }
    const role = outputs["failoverRoutingPolicies"]?.[0]?.type;
    const id = outputs["healthCheckId"];
    const check =
      id === undefined
        ? undefined
        : (this.checks.get(id) ?? unsupported(record, "healthCheckId", "a planned health check", id));
    const answers = this.names.get(outputs["name"]) ?? [];
    answers.push({
      ...destination,
      ...(role === undefined ? {} : { role }),
      ...(check === undefined ? {} : { check }),
    });
    answers.sort((a, b) => (a.role ?? "").localeCompare(b.role ?? ""));
    this.names.set(outputs["name"], answers);
  }

  private destination(record: PlannedResource): Destination {
    const target = record.outputs["aliases"][0].name;
    const domain = this.index
      .ofType("aws:apigatewayv2/domainName:DomainName")
      .find((each) => each.outputs["domainNameConfiguration"]?.targetDomainName === target);
    if (domain === undefined) unsupported(record, "aliases[0].name", "a planned API Gateway domain", target);
    const mapping = this.index
      .ofType("aws:apigatewayv2/apiMapping:ApiMapping")
      .find((each) => each.outputs["domainName"] === domain.outputs["id"] && each.region === domain.region);
    if (mapping === undefined) unsupported(domain, "domainName", "mapped to an API", domain.outputs["domainName"]);
    return { region: domain.region!, apiId: mapping.outputs["apiId"] };
  }
}
