import { at, number, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const groupMaintenance: ResourceRule = {
  scope: "resource",
  name: "group-maintenance",
  types: [T.group],
  holds: "A group launches the new server before it ends the old one.",
  why: "Rebalancing and instance limits otherwise take servers away at any hour.",
  mend: "set instanceMaintenancePolicy.minHealthyPercentage to 100",
  severity: "medium",
  level: "production",
  ids: { availability: 8 },
  url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-maintenance-policy.html",
  check(group, { report }) {
    const least = number(at(group.props, "instanceMaintenancePolicy.minHealthyPercentage"));
    if (least === undefined || least < 100)
      report(group, `must launch before it terminates, got minHealthyPercentage ${show(least)}`);
  },
};
