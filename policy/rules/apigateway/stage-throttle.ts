import { block, blocks, number, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const stageThrottle: ResourceRule = {
  scope: "resource",
  name: "stage-throttle",
  types: [T.stage],
  holds: "A stage limits the rate of every route.",
  why: "Without a limit of its own an API takes the whole account's, and its servers all of that.",
  mend: "set defaultRouteSettings.throttlingRateLimit and throttlingBurstLimit",
  severity: "medium",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
  check(stage, { report }) {
    const limits = [
      ["the default", block(stage.props["defaultRouteSettings"])] as const,
      ...blocks(stage.props["routeSettings"]).map((one) => [text(one["routeKey"]), one] as const),
    ];
    for (const [name, one] of limits) {
      const missing = ["throttlingRateLimit", "throttlingBurstLimit"].filter((key) => !((number(one[key]) ?? 0) > 0));
      if (missing.length > 0) report(stage, `must throttle ${name}, got no ${missing.join(" and no ")}`);
    }
  },
};
