import { text } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const auroraInstances: StackRule = {
  scope: "stack",
  name: "aurora-instances",
  types: [T.dbCluster],
  holds: "A database cluster has instances in two zones or more.",
  why: "Without a reader the writer is made anew, which takes ten minutes instead of one.",
  mend: "add an aws.rds.ClusterInstance in another zone",
  severity: "high",
  level: "production",
  ids: { F: ["RDS.15"], availability: 43 },
  check(cluster, { stack, report }) {
    const instances = stack.referrers(cluster, T.dbInstance, "clusterIdentifier");
    if (instances.length < 2) return report(cluster, `must have two instances, got ${instances.length}`);
    const named = instances.map((one) => text(one.props["availabilityZone"])).filter((zone) => zone !== "");
    if (named.length === instances.length && new Set(named).size < 2)
      report(cluster, `must have instances in two zones, got all in ${named[0]}`);
  },
};
