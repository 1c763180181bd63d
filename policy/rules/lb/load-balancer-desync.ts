import { show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const loadBalancerDesync: ResourceRule = {
  scope: "resource",
  name: "load-balancer-desync",
  types: [T.loadBalancer],
  holds: "A load balancer defends its servers against desynchronised requests.",
  why: "In monitor mode ambiguous requests reach the servers.",
  mend: "set desyncMitigationMode to defensive or strictest",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["ELB.12"], K: ["328"] },
  check(balancer, { report }) {
    const mode = balancer.props["desyncMitigationMode"] ?? "defensive"; // AWS's default
    if (!["defensive", "strictest"].includes(mode))
      report(balancer, `must defend against request smuggling, got ${show(mode)}`);
  },
};
