import { blocks, isTrue, number } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const failoverDataPlane: StackRule = {
  scope: "stack",
  name: "failover-data-plane",
  types: [T.record, T.healthCheck],
  holds: "Failover happens without a change of configuration.",
  why: "Route 53's control plane is in one region: when that is down, records cannot be changed.",
  mend: "use failover records with health checks instead of weights or checks that people turn",
  severity: "high",
  level: "production",
  ids: { availability: 37 },
  url: "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html",
  check(resource, { report }) {
    if (resource.type === T.healthCheck) {
      if (isTrue(resource.props["invertHealthcheck"]))
        report(resource, "must not be turned by hand, got invertHealthcheck true");
      return;
    }
    const weights = blocks(resource.props["weightedRoutingPolicies"]).map((one) => number(one["weight"]));
    if (weights.includes(0)) report(resource, "must not wait for a change of weights, got weight 0");
  },
};
