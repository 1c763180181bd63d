import type { GraphIndex, PlannedResource } from "../../graph/model";
import { UserError } from "../../graph/user-error";
import type { PlatformState } from "../state/platform-state";
import type { TimeScale } from "../time-scale";
import { oneOf, unsupported } from "../unsupported";
import { EndpointCheck, type HealthCheck, readHealthChecks } from "./health-check";

/** Options of `Route53`. */
export interface Route53Options {
  readonly time: TimeScale;
  /** Returns the base URL of an API of a region by its id; undefined while it is down. */
  readonly gateway: (apiId: string, region: string) => string | undefined;
  readonly changed?: (check: HealthCheck) => void;
}

/** The API that an alias record leads to, through a regional custom domain. */
interface AliasDestination {
  readonly region: string;
  readonly apiId: string;
}

interface AliasAnswer extends AliasDestination {
  /** Unset for a record without a failover routing policy. */
  readonly role?: "PRIMARY" | "SECONDARY";
  readonly check?: HealthCheck;
}

/**
 * Behaves like Route 53: answers names from the planned alias records and health checks. A changed answer takes effect
 * at once, because no client caches it.
 */
export class Route53 {
  readonly checks: ReadonlyMap<string, HealthCheck>;
  private readonly names = new Map<string, AliasAnswer[]>();

  constructor(
    private readonly index: GraphIndex,
    options: Route53Options,
  ) {
    // Health checks need names; records with failover need health checks and are therefore read later.
    const located = new Map<string, AliasDestination>();
    // Names in a private zone are those of the VPC: who calls them is given an address when it starts.
    const zones = index.ofType("aws:route53/zone:Zone").filter(({ outputs }) => outputs["vpcs"]?.length > 0);
    const inside = new Set(zones.map(({ outputs }) => outputs["zoneId"]));
    // Web apps and sign-in pages are reached at addresses of their own here.
    const pages = new Set([
      ...index.ofType("aws:cloudfront/distribution:Distribution").map(({ outputs }) => outputs["domainName"]),
      ...index
        .ofType("aws:cognito/userPoolDomain:UserPoolDomain")
        .map((each) => each.outputs["cloudfrontDistribution"]),
    ]);
    const leadsToApi = ({ outputs: { aliases = [], zoneId } }: PlannedResource) =>
      aliases.length > 0 && !inside.has(zoneId) && !pages.has(aliases[0].name);
    const records = index.ofType("aws:route53/record:Record").filter(leadsToApi);
    const destinations = records.map((record) => [record, this.destination(record)] as const);
    for (const [record, destination] of destinations) {
      if (record.outputs["setIdentifier"] === undefined) located.set(record.outputs["name"], destination);
    }
    this.checks = readHealthChecks(index, {
      time: options.time,
      changed: options.changed ?? (() => {}),
      baseUrlOf: (fqdn) => {
        const destination = located.get(fqdn);
        if (destination === undefined)
          throw new UserError(
            `no planned alias record without failover has the name ${fqdn}, which a health check asks for; add it`,
          );
        return options.gateway(destination.apiId, destination.region);
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

  /**
   * The global name of the environment's API: one below which regions have names of their own, with failover where there is
   * some, else the shortest. Names of an HTTP API come before those of a REST API, which come before those of services.
   */
  get globalName(): string {
    const each = [...this.names.keys()].sort((a, b) => a.length - b.length);
    const shared = each.filter((name) =>
      this.names.get(name)!.some(({ region }) => this.names.has(`${region}.${name}`)),
    );
    const all = shared.length > 0 ? shared : each;
    const http = all.filter((name) => this.leadsTo(name, "HTTP"));
    const names = http.length > 0 ? http : all;
    const name = names.find((each) => this.names.get(each)![0]!.role) ?? names[0];
    if (name === undefined)
      throw new UserError(
        `stack "${this.index.graph.stack}" has no alias record that leads to an API; plan its edge layer`,
      );
    return name;
  }

  /** The name that clients open WebSockets at; undefined without a WebSocket API. */
  get webSocketName(): string | undefined {
    const names = [...this.names.keys()].filter((name) => this.leadsTo(name, "WEBSOCKET"));
    return names.sort((a, b) => a.length - b.length)[0];
  }

  /** Returns the names with the regions that they lead to now, and the health of what is checked. */
  view(): Pick<PlatformState, "global" | "names" | "healthChecks"> {
    const name = this.globalName;
    return {
      global: { name, region: this.resolve(name).region },
      names: this.answers,
      healthChecks: [...this.checks.values()].map(({ name, healthy }) => ({ name, healthy })),
    };
  }

  /**
   * Returns a name as the records have it.
   * @param name  in lower case; the global name unless a record has it
   * @param socket  whether a WebSocket is asked for, which leads to the name of these where no record has the other
   */
  hostNamed(name: string | undefined, socket = false): string {
    const found = [...this.names.keys()].find((each) => each.toLowerCase() === name);
    return found ?? (socket ? this.webSocketName : undefined) ?? this.globalName;
  }

  /** Names and the region that each one leads to now. */
  get answers(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.names.keys()].map((name) => [name, this.resolve(name).region]));
  }

  /**
   * Answers a name: the primary if healthy, else a healthy secondary, else the primary. @throws {Error} on an unknown
   * name
   */
  resolve(name: string): AliasDestination {
    const answers = this.names.get(name);
    if (answers === undefined) throw new UserError(`no planned alias record has the name ${name}; plan one`);
    const up = (answer: AliasAnswer) => answer.check?.healthy ?? true;
    const [primary] = answers;
    return answers.find(up) ?? primary!;
  }

  private add(record: PlannedResource, destination: AliasDestination): void {
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

  private leadsTo(name: string, protocolType: "HTTP" | "WEBSOCKET"): boolean {
    const [{ apiId } = { apiId: "" }] = this.names.get(name) ?? [];
    return this.index.where("aws:apigatewayv2/api:Api", { id: apiId, protocolType }).length > 0;
  }

  private destination(record: PlannedResource): AliasDestination {
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
