import { list, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

const needed = ["AZRebalance", "Launch", "HealthCheck", "ReplaceUnhealthy"];

export const groupProcesses: ResourceRule = {
  scope: "resource",
  name: "group-processes",
  types: [T.group],
  holds: "A group never stops to launch, check, replace and balance its servers.",
  why: "Suspended for a maintenance and forgotten, it heals nothing any more.",
  mend: "remove them from suspendedProcesses",
  severity: "high",
  level: "mandatory",
  ids: { availability: 5 },
  url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html",
  check(group, { report }) {
    const found = list(group.props["suspendedProcesses"]).filter((one) => needed.includes(one));
    if (found.length > 0)
      report(
        group,
        `must not suspend ${found.join(", ")}, got suspendedProcesses ${show(group.props["suspendedProcesses"])}`,
      );
  },
};
