import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const clusterDeletionProtection: ResourceRule = {
  scope: "resource",
  name: "cluster-deletion-protection",
  types: [T.dbCluster],
  holds: "A database cannot be deleted by mistake.",
  why: "Restoring it takes hours, and what came after the backup is lost.",
  mend: "set deletionProtection to true",
  severity: "high",
  level: "production",
  ids: { F: ["RDS.7"], N: ["RDS10"] },
  check(cluster, context) {
    requireTrue(cluster, context, "deletionProtection", "be protected against deletion");
  },
};
