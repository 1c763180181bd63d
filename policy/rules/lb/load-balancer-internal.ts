import { isTrue, show } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const loadBalancerInternal: StackRule = {
  scope: "stack",
  name: "load-balancer-internal",
  types: [T.loadBalancer],
  holds: "A load balancer behind an API gateway is internal.",
  why: "A public one can be called around the gateway, its tokens and its throttles.",
  mend: "set internal to true",
  severity: "high",
  level: "mandatory",
  ids: { F: ["ELB.13"] },
  check(balancer, { stack, report }) {
    if (isTrue(balancer.props["internal"])) return;
    const listeners = stack.referrers(balancer, T.listener, "loadBalancerArn");
    const behind = listeners.some((one) => stack.referrers(one, T.integration, "integrationUri").length > 0);
    if (behind)
      report(
        balancer,
        `must be internal, as an API gateway is before it, got internal ${show(balancer.props["internal"])}`,
      );
  },
};
