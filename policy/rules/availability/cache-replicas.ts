import { number } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const cacheReplicas: ResourceRule = {
  scope: "resource",
  name: "cache-replicas",
  types: [T.cacheGroup],
  holds: "A cache has a replica.",
  why: "An empty cache sends the whole load to what it protects.",
  mend: "set numCacheClusters to 2 or more, or replicasPerNodeGroup to 1 or more",
  severity: "high",
  level: "production",
  ids: { availability: 44 },
  url: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html",
  check(group, { report }) {
    const nodes = number(group.props["numCacheClusters"]) ?? 1;
    const replicas = number(group.props["replicasPerNodeGroup"]) ?? nodes - 1;
    if (replicas < 1) report(group, `must have a replica, got ${replicas}`);
  },
};
