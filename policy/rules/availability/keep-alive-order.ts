import { behindBalancer, integrationSeconds, statedBy } from "../../core/paths";
import { number } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const keepAliveOrder: StackRule = {
  scope: "stack",
  name: "keep-alive-order",
  types: [T.loadBalancer],
  holds: "Servers keep connections longer than the balancer, and the balancer longer than the gateway waits.",
  why: "Who closes first races the next request, which then fails with 502.",
  mend: "order them: the servers' keep-alive above idleTimeout, and that at or above the integration's timeout",
  severity: "high",
  level: "mandatory",
  ids: { availability: 21 },
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
  check(balancer, { stack, report }) {
    if (["network", "gateway"].includes(balancer.props["loadBalancerType"])) return;
    const idle = number(balancer.props["idleTimeout"]) ?? 60; // AWS's default
    for (const workload of behindBalancer(balancer, stack)) {
      const keep = statedBy(workload, "KEEP_ALIVE_SECONDS", stack);
      if (keep !== undefined && keep <= idle)
        report(workload, `must keep connections longer than the balancer's ${idle} s, got KEEP_ALIVE_SECONDS ${keep}`);
    }
    for (const listener of stack.referrers(balancer, T.listener, "loadBalancerArn")) {
      for (const integration of stack.referrers(listener, T.integration, "integrationUri")) {
        const wait = integrationSeconds(integration);
        if (idle < wait)
          report(integration, `must not wait longer than the balancer's idle timeout of ${idle} s, got ${wait} s`);
      }
    }
  },
};
