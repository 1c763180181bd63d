import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const zonalShift: ResourceRule = {
  scope: "resource",
  name: "zonal-shift",
  types: [T.loadBalancer],
  holds: "Requests can be turned away from a zone at once.",
  why: "A zone that is half broken passes health checks and fails requests; then people must act, without a deployment.",
  mend: "set enableZonalShift to true",
  severity: "medium",
  level: "production",
  ids: { availability: 15 },
  url: "https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.html",
  check(balancer, context) {
    if (balancer.props["loadBalancerType"] === "gateway") return;
    requireTrue(balancer, context, "enableZonalShift", "allow zonal shifts");
  },
};
