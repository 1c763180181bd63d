import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const replicationGroupAtRest: ResourceRule = {
  scope: "resource",
  name: "replication-group-at-rest",
  types: [T.cacheGroup],
  holds: "A cache is encrypted at rest.",
  why: "Its snapshots hold what it holds.",
  mend: "set atRestEncryptionEnabled to true",
  severity: "high",
  level: "production",
  ids: { F: ["ElastiCache.4"], K: ["29", "191"] },
  check(group, context) {
    requireTrue(group, context, "atRestEncryptionEnabled", "be encrypted");
  },
};
