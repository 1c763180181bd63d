import { backendOf, carrierOf } from "../../network/paths";
import { workloadRegions } from "../../network/regions";
import type { Rule } from "../../pack/rule";
import { block, blocks, isTrue, number, text } from "../../stack/read";
import { T } from "../../stack/types";

/** Types that hold state, and the property that protects each; unset where only Pulumi's `protect` does. */
const stateful: Readonly<Record<string, string | undefined>> = {
  [T.table]: "deletionProtectionEnabled",
  [T.userPool]: "deletionProtection",
  [T.dbCluster]: "deletionProtection",
  [T.zone]: undefined,
};

const destructive: Readonly<Record<string, string>> = {
  [T.bucket]: "forceDestroy",
  [T.zone]: "forceDestroy",
  "aws:ecr/repository:Repository": "forceDelete",
  "aws:secretsmanager/secret:Secret": "forceOverwriteReplicaSecret",
};

/** Availability rules for data stores. */
export const dataRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "table-replicas",
    types: [T.table],
    description: "A table has a replica in every region that serves.",
    rationale: "After failover the other region has servers and no data.",
    fix: "add a replica per region",
    severity: "critical",
    level: "mandatory",
    ids: { availability: 42 },
    url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html",
    check(table, { stack, report }) {
      const home = stack.regionOf(table);
      const own = blocks(table.props["replicas"]).map((one) => one["regionName"]);
      const separate = stack
        .referrers(table, "aws:dynamodb/tableReplica:TableReplica", "globalTableArn")
        .map((one) => stack.regionOf(one));
      const missing = workloadRegions(stack).filter(
        (region) => region !== home && !own.includes(region) && !separate.includes(region),
      );
      if (missing.length > 0) report(table, `must have a replica in every region, got none in ${missing.join(", ")}`);
    },
  },
  {
    scope: "stack",
    name: "aurora-instances",
    types: [T.dbCluster],
    description: "A database cluster has instances in two zones or more.",
    rationale: "Without a reader the writer is made anew, which takes ten minutes instead of one.",
    fix: "add an aws.rds.ClusterInstance in another zone",
    severity: "high",
    level: "production",
    ids: { securityHub: ["RDS.15"], availability: 43 },
    check(cluster, { stack, report }) {
      const instances = stack.referrers(cluster, T.dbInstance, "clusterIdentifier");
      if (instances.length < 2) return report(cluster, `must have two instances, got ${instances.length}`);
      const named = instances.map((one) => text(one.props["availabilityZone"])).filter((zone) => zone !== "");
      if (named.length === instances.length && new Set(named).size < 2)
        report(cluster, `must have instances in two zones, got all in ${named[0]}`);
    },
  },
  {
    scope: "resource",
    name: "cache-replicas",
    types: [T.cacheGroup],
    description: "A cache has a replica.",
    rationale: "An empty cache sends the whole load to what it protects.",
    fix: "set numCacheClusters to 2 or more, or replicasPerNodeGroup to 1 or more",
    severity: "high",
    level: "production",
    ids: { availability: 44 },
    url: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html",
    check(group, { report }) {
      const nodes = number(group.props["numCacheClusters"]) ?? 1;
      const replicas = number(group.props["replicasPerNodeGroup"]) ?? nodes - 1;
      if (replicas < 1) report(group, `must have a replica, got ${replicas}`);
    },
  },
  {
    scope: "resource",
    name: "stateful-protected",
    types: [...new Set([...Object.keys(stateful), ...Object.keys(destructive)])],
    description: "What holds data survives a wrong deployment.",
    rationale: "A rename replaces a resource: the new one is empty, and the old one gone.",
    fix: "set the protect option, or the resource's own protection, and leave out what forces deletion",
    severity: "critical",
    level: "production",
    ids: { availability: 45 },
    url: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    check(resource, { environment, report }) {
      const force = destructive[resource.type];
      if (environment === "production" && force && isTrue(resource.props[force]))
        report(resource, `must not be deleted with what is in it, got ${force} true`);
      if (!(resource.type in stateful) || resource.protect) return;
      const own = stateful[resource.type];
      const value = own === undefined ? undefined : resource.props[own];
      if (!isTrue(value) && value !== "ACTIVE")
        report(resource, `must be protected, got neither protect nor ${own ?? "a protection of its own"}`);
    },
  },
  {
    scope: "stack",
    name: "search-off-path",
    types: [T.search],
    description: "Requests do not wait for the search domain, and it is in three zones.",
    rationale: "It takes an hour to resize and half a day to restore; what depends on it is down as long.",
    fix: "feed it from a stream, answer without it, and set zoneAwarenessConfig.availabilityZoneCount to 3",
    severity: "high",
    level: "production",
    ids: { availability: 46 },
    url: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html",
    check(domain, { stack, report }) {
      const config = block(domain.props["clusterConfig"]);
      const count = isTrue(config["zoneAwarenessEnabled"])
        ? (number(block(config["zoneAwarenessConfig"])["availabilityZoneCount"]) ?? 2)
        : 1;
      if (count < 3) report(domain, `must be in 3 zones, got ${count}`);
      for (const integration of stack.of(T.integration)) {
        const user = backendOf(integration, stack).workloads.find((one) =>
          carrierOf(one, stack)?.dependencies().includes(domain.urn),
        );
        if (user) return report(domain, `must be off the request path, got ${user} that calls it`);
      }
    },
  },
];
