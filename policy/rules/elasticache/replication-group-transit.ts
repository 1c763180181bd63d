import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const replicationGroupTransit: ResourceRule = {
  scope: "resource",
  name: "replication-group-transit",
  types: [T.cacheGroup],
  holds: "A cache speaks TLS.",
  why: "Sessions and tokens cross the network to it.",
  mend: "set transitEncryptionEnabled to true",
  severity: "high",
  level: "production",
  ids: { F: ["ElastiCache.5"], N: ["AEC3"], K: ["30"] },
  check(group, context) {
    requireTrue(group, context, "transitEncryptionEnabled", "speak TLS");
  },
};
