import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const clusterIamAuth: ResourceRule = {
  scope: "resource",
  name: "cluster-iam-auth",
  types: [T.dbCluster],
  holds: "Services sign in to a database with their role.",
  why: "A role's token lives for minutes; a password is copied.",
  mend: "set iamDatabaseAuthenticationEnabled to true",
  severity: "medium",
  level: "advisory",
  ids: { F: ["RDS.12"], K: ["162"] },
  check(cluster, context) {
    requireTrue(cluster, context, "iamDatabaseAuthenticationEnabled", "take IAM tokens");
  },
};
