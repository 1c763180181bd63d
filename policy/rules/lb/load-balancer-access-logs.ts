import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const loadBalancerAccessLogs: ResourceRule = {
  scope: "resource",
  name: "load-balancer-access-logs",
  types: [T.loadBalancer],
  holds: "A load balancer logs its requests.",
  why: "Requests that never reached a server are recorded nowhere else.",
  mend: "set accessLogs with a bucket and enabled true",
  severity: "medium",
  level: "production",
  ids: { F: ["ELB.5"], N: ["ELB2"], K: ["91"] },
  check(balancer, context) {
    requireTrue(balancer, context, "accessLogs.enabled", "log its requests");
  },
};
