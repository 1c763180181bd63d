import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const loadBalancerDeletionProtection: ResourceRule = {
  scope: "resource",
  name: "load-balancer-deletion-protection",
  types: [T.loadBalancer],
  holds: "A load balancer cannot be deleted by mistake.",
  why: "Whatever names its listener is down until it is made anew.",
  mend: "set enableDeletionProtection to true",
  severity: "medium",
  level: "production",
  ids: { F: ["ELB.6"], N: ["ELBDeletionProtectionEnabled"], K: ["150"] },
  check(balancer, context) {
    requireTrue(balancer, context, "enableDeletionProtection", "be protected against deletion");
  },
};
