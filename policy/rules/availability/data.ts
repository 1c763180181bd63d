import { scaledBy } from "../../network/capacity";
import { backendOf, carrierOf } from "../../network/paths";
import { twinRegions } from "../../network/regions";
import { N } from "../../network/tokens";
import type { Rule } from "../../pack/rule";
import { block, blocks, isTrue, number, show, text, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

const repository = "aws:ecr/repository:Repository";

/** What deletes the content of a resource together with the resource, by type. */
const destructive: Readonly<Record<string, string>> = {
  [T.bucket]: "forceDestroy",
  [T.zone]: "forceDestroy",
  [repository]: "forceDelete",
};

/** A website's files are made again by its next deployment. */
const website = "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration";

/** Availability rules for data stores. */
export const dataRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "table-replicas",
    types: [T.table],
    description: "A table has a replica in every region that does the same work.",
    rationale: "After failover the other region has servers and no data.",
    fix: "add a replica per region",
    severity: "critical",
    level: "production",
    ids: { availability: 42 },
    url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html",
    settings: {
      regional: {
        type: "array",
        description:
          "Tables whose items mean nothing in another region, by their names without the region before them.",
        default: [],
      },
    },
    check(table, { stack, report, setting }) {
      if (texts(setting("regional")).some((name) => table.name.endsWith(`-${name}`))) return;
      const home = stack.regionOf(table);
      const own = blocks(table.props["replicas"]).map((one) => one["regionName"]);
      const separate = stack
        .referrers(table, "aws:dynamodb/tableReplica:TableReplica", "globalTableArn")
        .map((one) => stack.regionOf(one));
      // The first kind of global table joins tables of one name.
      const joined = stack
        .of("aws:dynamodb/globalTable:GlobalTable")
        .filter((one) => stack.targets(one, "name", T.table).includes(table) || isNamedAs(one, table))
        .flatMap((one) => blocks(one.props["replicas"]).map((replica) => replica["regionName"]));
      const missing = twinRegions(stack).filter(
        (region) => region !== home && ![...own, ...separate, ...joined].includes(region),
      );
      if (missing.length > 0)
        report(
          table,
          `must have a replica in every region, got none in ${missing.join(", ")}`,
          `add a replica in ${missing.join(" and in ")} to replicas`,
        );
    },
  },
  {
    scope: "stack",
    name: "aurora-instances",
    types: [T.dbCluster],
    description: "An Aurora cluster has instances in two zones or more.",
    rationale: "Without a reader AWS creates a new writer after a failure, which takes ten minutes instead of one.",
    fix: "add an aws.rds.ClusterInstance in another zone",
    severity: "high",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { securityHub: ["RDS.15"], availability: 43 },
    check(cluster, { stack, report, advise }) {
      // A Multi-AZ cluster gets its three instances from RDS; a cluster of the first Serverless has none to declare.
      if (peek(() => cluster.props["dbClusterInstanceClass"]) !== undefined) return;
      if (cluster.props["engineMode"] === "serverless") return;
      const instances = stack.referrers(cluster, T.dbInstance, "clusterIdentifier");
      // Readers that Aurora's scaler keeps are not in the program.
      const count = instances.length + scaledBy(cluster, "rds:cluster:ReadReplicaCount", stack);
      if (count < 2)
        return report(
          cluster,
          `must have an instance to fail over to, got ${count === 0 ? "none" : "one alone"}`,
          `add ${count === 0 ? "two" : "an"} aws.rds.ClusterInstance in another zone with clusterIdentifier of ${cluster}`,
        );
      const named = instances.map((one) => text(one.props["availabilityZone"])).filter((zone) => zone !== "");
      if (named.length === count && new Set(named).size < 2)
        // AWS chooses the zones where the program names none, and may choose others for the next instance.
        advise(cluster, `must have instances in two zones, got all in ${named[0]}`);
    },
  },
  {
    scope: "stack",
    name: "database-multi-az",
    types: [N.database],
    description: "A database instance has a standby in another zone.",
    rationale: "Without one, a lost zone takes the database down until AWS or an operator restores it elsewhere.",
    fix: "set multiAz to true",
    severity: "high",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: {
      securityHub: ["RDS.5"],
      cdkNag: ["AwsSolutions-RDS3"],
      checkov: ["CKV_AWS_157"],
      availability: 61,
    },
    check(instance, { report }) {
      // A read replica is not what clients write to, and what restores it is its source.
      const isReplica = peek(() => instance.props["replicateSourceDb"]) !== undefined;
      // RDS Custom has no standby of its own.
      const isCustom = text(instance.props["engine"]).startsWith("custom-");
      if (!isReplica && !isCustom && !isTrue(instance.props["multiAz"]))
        report(
          instance,
          `must have a standby in another zone, got multiAz ${show(instance.props["multiAz"])}`,
          "set multiAz to true",
        );
    },
  },
  {
    scope: "stack",
    name: "stateful-protected",
    types: Object.keys(destructive),
    description: "A deployment cannot delete what keeps data or names.",
    rationale: "A rename replaces a resource: the new one is empty or has other name servers, and the old one is gone.",
    fix: "set the protect option on the resource, and remove the argument that forces deletion",
    severity: "high",
    level: "production",
    lowUnless: ["operated"],
    ids: { availability: 45 },
    url: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    check(resource, { environment, stack, report, advise }) {
      const force = destructive[resource.type] ?? "";
      const isWebsite =
        stack.referrers(resource, website, "bucket").length > 0 ||
        (resource.type === T.bucket && peek(() => resource.props["website"]) !== undefined);
      if (environment === "production" && isTrue(resource.props[force]) && !isWebsite) {
        // Images are built again; what a bucket or a zone has is not.
        const say = resource.type === repository ? advise : report;
        say(resource, `must not be deleted with its content, got ${force} true`, `set ${force} to false`);
      }
      // Tables, user pools and databases have a protection of their own, with a rule each.
      if (resource.type !== T.zone || resource.protect) return;
      // The owner who protects something else left the zone out.
      const say = stack.resources.some(({ protect }) => protect) ? report : advise;
      say(resource, "must be protected from deletion by a deployment, got no protect option", "set the protect option");
    },
  },
  {
    scope: "stack",
    name: "search-off-path",
    types: [T.search],
    description: "Requests do not wait for the search domain, and it is in three zones.",
    rationale: "It takes an hour to resize and half a day to restore, and what waits for it is down as long.",
    fix: "feed it from a stream, answer without it, and set zoneAwarenessConfig.availabilityZoneCount to 3",
    severity: "high",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 46 },
    url: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html",
    check(domain, { stack, report, advise }) {
      const config = block(domain.props["clusterConfig"]);
      const count = isTrue(config["zoneAwarenessEnabled"])
        ? (number(block(config["zoneAwarenessConfig"])["availabilityZoneCount"]) ?? 2)
        : 1;
      // Two zones survive the loss of one, and a third one is for what must not lose half of its nodes.
      const say = count < 2 ? report : advise;
      if (count < 3)
        say(
          domain,
          `must be in 3 zones, got ${count}`,
          "set clusterConfig.zoneAwarenessEnabled to true and clusterConfig.zoneAwarenessConfig.availabilityZoneCount to 3",
        );
      for (const integration of stack.of(T.integration, N.restIntegration)) {
        const user = backendOf(integration, stack).workloads.find((one) =>
          carrierOf(one, stack)?.dependencies().includes(domain.urn),
        );
        if (user) return report(domain, `must be off the request path, got ${user} that calls it`);
      }
    },
  },
];

function isNamedAs(one: Resource, other: Resource): boolean {
  const [name, known] = [one, other].map(({ props }) => peek(() => text(props["name"])));
  return name !== "" && name === known && typeof name === "string";
}
