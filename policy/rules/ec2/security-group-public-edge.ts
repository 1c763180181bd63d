import { openings, portsOf, ruleTypes } from "../../core/access";
import { isTrue } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const securityGroupPublicEdge: StackRule = {
  scope: "stack",
  name: "security-group-public-edge",
  types: [ruleTypes.group, ruleTypes.ingress, ruleTypes.legacy],
  holds: "Only the group of a public load balancer is open to the world.",
  why: "Servers behind the edge that take requests from anywhere can be reached around it.",
  mend: "let in the load balancer's group instead of the world",
  severity: "high",
  level: "mandatory",
  ids: { F: ["EC2.18"], N: ["EC23"], K: ["260"] },
  check(resource, { stack, report }) {
    const open = openings(resource).filter((one) => one.direction === "ingress" && one.world);
    if (open.length === 0) return;
    const groups =
      resource.type === ruleTypes.group ? [resource] : stack.targets(resource, "securityGroupId", ruleTypes.group);
    const isEdge = groups.some((group) =>
      stack.referrers(group, T.loadBalancer, "securityGroups").some((balancer) => !isTrue(balancer.props["internal"])),
    );
    if (!isEdge)
      report(resource, `must be open to the world only on a public load balancer, got ${portsOf(open[0]!)} open`);
  },
};
