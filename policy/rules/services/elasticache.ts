import { examples } from "../../network/examples";
import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { isSet } from "../../stack/invocations";
import { isTrue, list, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

const cluster = "aws:elasticache/cluster:Cluster";
const caches: readonly string[] = [T.cacheGroup, cluster];

/** Rules for ElastiCache. A cache is a replication group, or a cluster that belongs to none. */
export const elasticacheRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "cache-at-rest",
    types: caches,
    description: "A cache of Redis or Valkey is encrypted at rest.",
    rationale: "Its disks and snapshots have copies of sessions and personal data.",
    fix: "use a replication group, which can have one node, with atRestEncryptionEnabled true",
    severity: "high",
    level: "production",
    lowUnless: ["operated"],
    ids: { securityHub: ["ElastiCache.4"], cdkNag: ["AwsSolutions-AEC3"], checkov: ["CKV_AWS_29", "CKV_AWS_191"] },
    check(cache, context) {
      if (cache.type === T.cacheGroup) {
        const isLeftOut = !isSet(cache, "atRestEncryptionEnabled");
        if (isLeftOut && (cache.props["engine"] === "valkey" || isSecondary(cache))) return; // AWS encrypts Valkey
        return requireTrue(cache, context, "atRestEncryptionEnabled", "be encrypted at rest");
      }
      if (isAlone(cache) && !isMemcached(cache))
        context.report(cache, "must be encrypted at rest, got a cluster without a replication group, which cannot be");
    },
  },
  {
    scope: "stack",
    name: "cache-auth",
    types: [T.cacheGroup],
    description: "A cache authenticates its clients.",
    rationale: "Every program in the network could otherwise read the cache and empty it.",
    fix: "set authToken or userGroupIds",
    severity: "high",
    level: "production",
    lowUnless: ["operated"],
    ids: { securityHub: ["ElastiCache.6"], cdkNag: ["AwsSolutions-AEC6"], checkov: ["CKV_AWS_31"] },
    check(group, { report }) {
      const set = ["authToken", "userGroupIds"].some((key) => {
        const value = peek(() => group.props[key]);
        return value === UNKNOWN || list(value).length > 0;
      });
      if (!set && !isSecondary(group))
        report(group, "must authenticate its clients, got neither authToken nor userGroupIds");
    },
  },
  {
    scope: "stack",
    name: "cache-failover",
    types: [T.cacheGroup],
    description: "A cache fails over to a replica in another zone without an operator.",
    rationale: "The cache is otherwise down until an operator replaces the lost node.",
    fix: "set automaticFailoverEnabled and multiAzEnabled to true",
    severity: "high",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { securityHub: ["ElastiCache.3"], cdkNag: ["AwsSolutions-AEC4"], checkov: ["CKV2_AWS_50"] },
    check(group, { report }) {
      const off = ["automaticFailoverEnabled", "multiAzEnabled"].filter((key) => !isTrue(group.props[key]));
      if (off.length > 0)
        report(
          group,
          `must fail over to another zone, got ${off.join(" and ")} not true`,
          `set ${off.map((key) => `${key} to true`).join(" and ")}`,
        );
    },
  },
  {
    scope: "stack",
    name: "cache-snapshots",
    types: caches,
    description: "Snapshots of a cache are kept.",
    rationale: "A cache that starts empty sends all reads to the database at once, which can fail too.",
    fix: "set snapshotRetentionLimit to 1 or more",
    severity: "medium",
    level: "production",
    example: examples.cacheSnapshots,
    ids: { securityHub: ["ElastiCache.1"], checkov: ["CKV_AWS_134"] },
    check(cache, { report }) {
      if (cache.type === cluster && (!isAlone(cache) || isMemcached(cache))) return;
      const days = number(cache.props["snapshotRetentionLimit"]) ?? 0;
      if (days < 1)
        report(cache, `must keep snapshots, got snapshotRetentionLimit ${days}`, "set snapshotRetentionLimit to 1");
    },
  },
  {
    scope: "stack",
    name: "cache-transit",
    types: caches,
    description: "Clients and a cache talk over TLS.",
    rationale: "Sessions and tokens can otherwise be read on the network.",
    fix: "set transitEncryptionEnabled to true",
    severity: "high",
    level: "production",
    lowUnless: ["operated"],
    ids: { securityHub: ["ElastiCache.5"], cdkNag: ["AwsSolutions-AEC3"], checkov: ["CKV_AWS_30"] },
    check(cache, context) {
      // A cluster of Redis has TLS only inside a replication group, which cache-at-rest asks for.
      if (cache.type === cluster && !isMemcached(cache)) return;
      if (isSecondary(cache) && !isSet(cache, "transitEncryptionEnabled")) return;
      requireTrue(cache, context, "transitEncryptionEnabled", "use TLS to its clients");
    },
  },
  {
    scope: "stack",
    name: "cache-updates",
    types: caches,
    description: "A cache gets minor versions automatically, and is in a subnet group of the program.",
    rationale: "Security fixes are otherwise installed late; the default subnet group is in the default VPC.",
    fix: "leave autoMinorVersionUpgrade on and set subnetGroupName",
    severity: "medium",
    level: "production",
    example: examples.none,
    ids: {
      securityHub: ["ElastiCache.2", "ElastiCache.7"],
      cdkNag: ["AwsSolutions-AEC1"],
      checkov: ["CKV_AWS_322", "CKV_AWS_323"],
    },
    check(cache, { report }) {
      if (cache.type === cluster && !isAlone(cache)) return;
      const upgrade = cache.props["autoMinorVersionUpgrade"];
      if (upgrade === false || upgrade === "false")
        report(
          cache,
          "must get minor versions, got autoMinorVersionUpgrade false",
          "set autoMinorVersionUpgrade to true",
        );
      const subnets = peek(() => text(cache.props["subnetGroupName"]));
      if (subnets === "" || subnets === "default")
        report(
          cache,
          `must be in a subnet group of the program, got subnetGroupName ${show(subnets || undefined)}`,
          "set subnetGroupName to the name of an aws.elasticache.SubnetGroup",
        );
    },
  },
];

/** A cluster that belongs to a replication group is judged with the group. */
function isAlone(cache: Resource): boolean {
  return !isSet(cache, "replicationGroupId");
}

/** A group of a global datastore has what it leaves out from the primary one. */
function isSecondary(cache: Resource): boolean {
  return isSet(cache, "globalReplicationGroupId");
}

function isMemcached(cache: Resource): boolean {
  return cache.props["engine"] === "memcached";
}
