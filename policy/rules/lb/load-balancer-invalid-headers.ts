import { isTrue } from "../../core/read";
import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const loadBalancerInvalidHeaders: ResourceRule = {
  scope: "resource",
  name: "load-balancer-invalid-headers",
  types: [T.loadBalancer],
  holds: "A load balancer drops header fields that are not valid HTTP.",
  why: "Servers read odd headers differently, which smuggles a request past the balancer.",
  mend: "set dropInvalidHeaderFields to true",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["ELB.4"], N: ["ALBHttpDropInvalidHeaderEnabled"], K: ["131"] },
  check(balancer, context) {
    if (isNetworkBalancer(balancer.props)) return;
    requireTrue(balancer, context, "dropInvalidHeaderFields", "drop invalid headers");
  },
  remediate(props) {
    if (isTrue(props["dropInvalidHeaderFields"]) || isNetworkBalancer(props)) return undefined;
    props["dropInvalidHeaderFields"] = true;
    return props;
  },
};

function isNetworkBalancer(props: Readonly<Record<string, any>>): boolean {
  return props["loadBalancerType"] === "network" || props["loadBalancerType"] === "gateway";
}
