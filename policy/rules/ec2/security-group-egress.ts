import { openings, portsOf, ruleTypes } from "../../core/access";
import type { ResourceRule } from "../../core/rule";

export const securityGroupEgress: ResourceRule = {
  scope: "resource",
  name: "security-group-egress",
  types: [ruleTypes.group, ruleTypes.egress, ruleTypes.legacy],
  holds: "A security group lets out only what is needed.",
  why: "What an intruder may reach from a server decides what he can take out.",
  mend: "name the destination by security group, prefix list or range, and the port",
  severity: "medium",
  level: "advisory",
  ids: { K: ["382"] },
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  check(resource, { report }) {
    for (const open of openings(resource)) {
      if (open.direction === "egress" && open.world)
        report(resource, `must not let out to the world, got ${portsOf(open)}`);
    }
  },
};
