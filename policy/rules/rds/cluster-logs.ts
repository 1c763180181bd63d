import { requirePresent } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const clusterLogs: ResourceRule = {
  scope: "resource",
  name: "cluster-logs",
  types: [T.dbCluster],
  holds: "A database exports its logs.",
  why: "Slow queries and failed sign-ins are seen there first.",
  mend: "set enabledCloudwatchLogsExports",
  severity: "medium",
  level: "advisory",
  ids: { F: ["RDS.34"], N: ["RDS16"], K: ["324"] },
  check(cluster, context) {
    requirePresent(cluster, context, "enabledCloudwatchLogsExports", "export its logs");
  },
};
