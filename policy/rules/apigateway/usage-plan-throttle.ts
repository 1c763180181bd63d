import { block, number } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

export const usagePlanThrottle: ResourceRule = {
  scope: "resource",
  name: "usage-plan-throttle",
  types: ["aws:apigateway/usagePlan:UsagePlan"],
  holds: "A usage plan limits rate and burst together.",
  why: "With a rate alone the provider sends a burst of 0, and the plan refuses its callers after a few calls.",
  mend: "set throttleSettings.rateLimit and burstLimit",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
  check(plan, { report }) {
    const one = block(plan.props["throttleSettings"]);
    const missing = ["rateLimit", "burstLimit"].filter((key) => !((number(one[key]) ?? 0) > 0));
    if (missing.length > 0) report(plan, `must limit rate and burst, got no ${missing.join(" and no ")}`);
  },
};
