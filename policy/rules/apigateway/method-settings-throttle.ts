import { block, number } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

export const methodSettingsThrottle: ResourceRule = {
  scope: "resource",
  name: "method-settings-throttle",
  types: ["aws:apigateway/methodSettings:MethodSettings"],
  holds: "REST methods have a rate limit.",
  why: "Without a limit of its own an API takes the whole account's, and its servers all of that.",
  mend: "set settings.throttlingRateLimit and throttlingBurstLimit",
  severity: "medium",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
  check(method, { report }) {
    const one = block(method.props["settings"]);
    const missing = ["throttlingRateLimit", "throttlingBurstLimit"].filter((key) => !((number(one[key]) ?? -1) > 0));
    if (missing.length > 0) report(method, `must be throttled, got no ${missing.join(" and no ")}`);
  },
};
