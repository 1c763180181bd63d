import { isTrue } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const clusterFinalSnapshot: ResourceRule = {
  scope: "resource",
  name: "cluster-final-snapshot",
  types: [T.dbCluster],
  holds: "A deleted database leaves a snapshot.",
  why: "It is the last way back.",
  mend: "set skipFinalSnapshot to false and finalSnapshotIdentifier",
  severity: "high",
  level: "production",
  ids: {},
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html",
  check(cluster, { report }) {
    if (isTrue(cluster.props["skipFinalSnapshot"]))
      report(cluster, "must leave a final snapshot, got skipFinalSnapshot true");
  },
};
