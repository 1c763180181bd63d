import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const clusterEncrypted: ResourceRule = {
  scope: "resource",
  name: "cluster-encrypted",
  types: [T.dbCluster],
  holds: "A database is encrypted at rest.",
  why: "It cannot be turned on later, and snapshots inherit it.",
  mend: "set storageEncrypted to true",
  severity: "high",
  level: "production",
  ids: { F: ["RDS.27"], N: ["RDS2"], K: ["17", "96", "327"] },
  check(cluster, context) {
    requireTrue(cluster, context, "storageEncrypted", "be encrypted");
  },
};
