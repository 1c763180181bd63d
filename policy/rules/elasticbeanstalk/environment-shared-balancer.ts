import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { settings } from "../../core/workloads";

const namespace = "aws:elbv2:loadbalancer";

export const environmentSharedBalancer: ResourceRule = {
  scope: "resource",
  name: "environment-shared-balancer",
  types: [T.beanstalk],
  holds: "An environment on a shared balancer names the balancer and its security groups.",
  why: "Without SecurityGroups Beanstalk attaches a group of its own to the balancer of every service.",
  mend: "set aws:elbv2:loadbalancer SharedLoadBalancer and SecurityGroups",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-alb-shared.html",
  check(environment, { report }) {
    const get = settings(environment);
    const shared = get("aws:elasticbeanstalk:environment", "LoadBalancerIsShared") === "true";
    if (!shared && get(namespace, "SharedLoadBalancer") === undefined) return;
    const missing = ["SharedLoadBalancer", "SecurityGroups"].filter((name) => !get(namespace, name));
    if (missing.length > 0)
      report(environment, `must name the shared balancer and its groups, got no ${missing.join(" and no ")}`);
  },
};
