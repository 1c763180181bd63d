import { type Graph, GraphIndex, type PlannedResource } from "../model";
import type { Place } from "./need";
import { inRegion } from "./need";
import type { KnownNames } from "./places";

/** The plan, and what the ledger looks up in it. */
export class LedgerContext implements KnownNames {
  readonly index: GraphIndex;
  /** Roles by ARN and by name. */
  private readonly roles = new Map<string, PlannedResource>();
  private readonly hosts = new Map<string, Place>();
  private readonly buckets = new Map<string, string>();
  /** What is called by name and is in one region, by that name. */
  private readonly named = new Map<string, PlannedResource>();

  /** @param privateHosts  names that each region answers in its own VPC, of which another stack may have the records */
  constructor(
    readonly graph: Graph,
    privateHosts: readonly string[] = [],
  ) {
    this.index = new GraphIndex(graph);
    for (const host of privateHosts) this.hosts.set(host, { kind: "global", name: privateName });
    for (const resource of graph.resources) this.read(resource);
  }

  /** Returns a role of the plan by its ARN, name or id. */
  role(reference: unknown): PlannedResource | undefined {
    return this.roles.get(String(reference));
  }

  placeOfHost(host: string): Place | undefined {
    return this.hosts.get(host);
  }

  regionOfBucket(bucket: string): string | undefined {
    return this.buckets.get(bucket);
  }

  /**
   * Returns the resource of another region that a text is the name of, where calls by that name leave the region. A table
   * with a replica in the region does not count.
   */
  elsewhere(text: string, region: string): PlannedResource | undefined {
    const found = this.named.get(text);
    if (found === undefined || found.region === region) return undefined;
    return this.replicasOf(found).includes(region) ? undefined : found;
  }

  /** Regions that a table is in, in addition to its own. */
  replicasOf({ inputs }: PlannedResource): string[] {
    return ((inputs["replicas"] ?? []) as { regionName: string }[]).map(({ regionName }) => regionName);
  }

  /** Returns the types of the components that a resource is in, the innermost first. */
  ancestorsOf(resource: PlannedResource): string[] {
    const types: string[] = [];
    for (let at = resource.parent; at !== undefined; at = this.index.urn(at)?.parent) {
      const type = this.index.urn(at)?.type;
      if (type !== undefined) types.push(type);
    }
    return types;
  }

  private read(resource: PlannedResource): void {
    const { type, inputs, outputs, region } = resource;
    if (type === "aws:iam/role:Role") {
      for (const key of ["arn", "name", "id"]) this.roles.set(String(outputs[key]), resource);
    }
    if (region === undefined) return;
    if (type === "aws:s3/bucket:Bucket") this.buckets.set(String(outputs["bucket"] ?? outputs["id"]), region);
    if (type === "aws:route53/record:Record") this.readRecord(resource, region);
    if (byNameTypes.test(type)) {
      for (const key of ["arn", "name", "id", "url", "endpoint", "address"]) {
        const text = outputs[key] ?? inputs[key];
        if (typeof text === "string" && text !== "") this.named.set(text, resource);
      }
    }
  }

  /** A record with failover leads to either region; any other one leads where its stack is. */
  private readRecord({ inputs }: PlannedResource, region: string): void {
    const name = String(inputs["name"]).toLowerCase();
    const moves = (inputs["failoverRoutingPolicies"] ?? []).length > 0;
    // The same private name in each region leads to that region; it is looked up by its caller's resolver.
    if (this.isPrivate(inputs["zoneId"])) this.hosts.set(name, { kind: "global", name: privateName });
    else this.hosts.set(name, moves ? { kind: "unknown", name: `the region that ${name} leads to` } : inRegion(region));
  }

  /** Tells whether a zone is a private one of the plan. */
  isPrivate(zoneId: unknown): boolean {
    return this.index
      .ofType("aws:route53/zone:Zone")
      .some(({ inputs, outputs }) => outputs["zoneId"] === zoneId && (inputs["vpcs"] ?? []).length > 0);
  }
}

/** Place of a private name, which each region's own resolver answers; readers of texts make it the caller's region. */
export const privateName = "the resolver of the caller's VPC";

/** Types whose resources are called by name in the region of the caller, or not at all. */
const byNameTypes =
  /^aws:(dynamodb\/table:Table|sqs\/queue:Queue|s3\/bucket:Bucket|lambda\/function:Function|secretsmanager\/secret:Secret|ssm\/parameter:Parameter|kinesis\/\w+:\w+|sns\/topic:Topic|rds\/(cluster:Cluster|instance:Instance)|elasticache\/\w+:\w+|kms\/(key:Key|alias:Alias)|ecr\/repository:Repository|sfn\/\w+:\w+)$/;
