import { show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

export const replicationGroupUpdates: ResourceRule = {
  scope: "resource",
  name: "replication-group-updates",
  types: [T.cacheGroup],
  holds: "A cache takes minor versions by itself, from a subnet group of its own.",
  why: "Fixes wait for somebody otherwise; the default subnet group is in the default VPC.",
  mend: "leave autoMinorVersionUpgrade on and set subnetGroupName",
  severity: "medium",
  level: "production",
  ids: { F: ["ElastiCache.2", "ElastiCache.7"], N: ["AEC1"] },
  check(group, { report }) {
    const upgrade = group.props["autoMinorVersionUpgrade"];
    if (upgrade === false || upgrade === "false")
      report(group, "must take minor versions, got autoMinorVersionUpgrade false");
    const subnets = peek(() => text(group.props["subnetGroupName"]));
    if (subnets === "" || subnets === "default")
      report(group, `must be in a subnet group of its own, got ${show(subnets || undefined)}`);
  },
};
