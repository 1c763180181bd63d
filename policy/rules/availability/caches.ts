import { scaledBy } from "../../network/capacity";
import { N } from "../../network/tokens";
import type { Rule } from "../../pack/rule";
import { block, blocks, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Availability rules for caches. */
export const cachesRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "cache-replicas",
    types: [T.cacheGroup, N.cacheCluster],
    description: "A cache has a replica, or its nodes in several zones.",
    rationale: "A cache that comes back empty sends the whole load to the store behind it.",
    fix: "set numCacheClusters to 2 or replicasPerNodeGroup to 1 in a replication group, and for Memcached numCacheNodes to 2 and azMode to cross-az",
    severity: "high",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 44 },
    url: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html",
    check(cache, { stack, report }) {
      if (cache.type === T.cacheGroup) {
        const replicas = replicasOf(cache, stack);
        const isSharded = ["replicasPerNodeGroup", "numNodeGroups", "clusterMode"].some(
          (key) => peek(() => cache.props[key]) !== undefined,
        );
        if (replicas < 1)
          report(
            cache,
            `must have a replica that takes over, got ${replicas}`,
            isSharded ? "set replicasPerNodeGroup to 1" : "set numCacheClusters to 2",
          );
        return;
      }
      // A member of a replication group is judged by its group.
      if (peek(() => cache.props["replicationGroupId"]) !== undefined) return;
      const nodes = number(cache.props["numCacheNodes"]) ?? 1;
      if (text(cache.props["engine"]) !== "memcached")
        report(
          cache,
          "must have a replica that takes over, got a cluster of one node",
          "replace it by an aws.elasticache.ReplicationGroup with numCacheClusters 2",
        );
      else if (nodes < 2)
        report(
          cache,
          `must have two nodes, got numCacheNodes ${nodes}`,
          "set numCacheNodes to 2 and azMode to cross-az",
        );
      else if (cache.props["azMode"] !== "cross-az")
        report(
          cache,
          `must have its nodes in several zones, got azMode ${show(cache.props["azMode"])}`,
          "set azMode to cross-az",
        );
    },
  },
];

/** Replicas of a cache in each of its shards: by its arguments, by clusters that are added to it, or by its scaler. */
function replicasOf(cache: Resource, stack: Stack): number {
  const { props } = cache;
  const nodes = number(props["numCacheClusters"] ?? props["numberCacheClusters"]) ?? 1; // the older one before 2023
  const shards = blocks(props["nodeGroupConfigurations"]).map((one) => number(one["replicaCount"]) ?? 0);
  const own =
    number(props["replicasPerNodeGroup"]) ??
    number(block(props["clusterMode"])["replicasPerNodeGroup"]) ??
    (shards.length > 0 ? Math.min(...shards) : nodes - 1);
  const added = stack.referrers(cache, N.cacheCluster, "replicationGroupId").length;
  return Math.max(own + added, scaledBy(cache, "elasticache:replication-group:Replicas", stack));
}
