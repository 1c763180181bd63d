import { list, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

export const groupElbHealth: ResourceRule = {
  scope: "resource",
  name: "group-elb-health",
  types: [T.group],
  holds: "A group behind a load balancer replaces what the balancer finds unhealthy.",
  why: "A server whose process hangs passes EC2's own checks for ever.",
  mend: "set healthCheckType to ELB",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["AutoScaling.1"], N: ["AS2"], K: ["g15"] },
  check(group, { report }) {
    // A list of unknown ARNs is still a list of targets.
    const arns = peek(() => list(group.props["targetGroupArns"]).length + list(group.props["loadBalancers"]).length);
    if (arns === 0) return;
    const type = group.props["healthCheckType"];
    if (type !== "ELB") report(group, `must follow the balancer's health checks, got healthCheckType ${show(type)}`);
  },
};
