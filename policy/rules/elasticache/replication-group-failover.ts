import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const replicationGroupFailover: ResourceRule = {
  scope: "resource",
  name: "replication-group-failover",
  types: [T.cacheGroup],
  holds: "A cache fails over to a replica in another zone by itself.",
  why: "Without it the loss of one node waits for a person.",
  mend: "set automaticFailoverEnabled and multiAzEnabled to true",
  severity: "high",
  level: "production",
  ids: { F: ["ElastiCache.3"], N: ["AEC4"], K: ["g50"] },
  check(group, context) {
    requireTrue(group, context, "automaticFailoverEnabled", "fail over by itself");
    requireTrue(group, context, "multiAzEnabled", "be in several zones");
  },
};
