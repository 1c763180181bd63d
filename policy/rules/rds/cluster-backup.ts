import { number } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const clusterBackup: ResourceRule = {
  scope: "resource",
  name: "cluster-backup",
  types: [T.dbCluster],
  holds: "Backups of a database are kept for a week or longer.",
  why: "A mistake made on Friday is found on Monday.",
  mend: "raise backupRetentionPeriod",
  severity: "high",
  level: "production",
  ids: { K: ["133"] },
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html",
  settings: { days: { type: "integer", description: "Least days that backups are kept.", default: 7 } },
  check(cluster, { report, setting }) {
    const days = number(cluster.props["backupRetentionPeriod"]) ?? 1; // AWS's default
    const least = setting<number>("days");
    if (days < least) report(cluster, `must keep backups for ${least} days, got ${days}`);
  },
};
