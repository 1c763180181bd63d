import { isTrue, show } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const methodApiKey: StackRule = {
  scope: "stack",
  name: "method-api-key",
  types: ["aws:apigateway/method:Method"],
  holds: "Where an API has usage plans, every method asks for a key.",
  why: "A method without one is counted against no plan, and has no limit of its own.",
  mend: "set apiKeyRequired to true",
  severity: "medium",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
  check(method, { stack, report }) {
    if (method.props["httpMethod"] === "OPTIONS") return;
    const planned = stack
      .targets(method, "restApi", T.restApi)
      .some((api) => stack.referrers(api, "aws:apigateway/usagePlan:UsagePlan", "apiStages").length > 0);
    const key = method.props["apiKeyRequired"];
    if (planned && !isTrue(key))
      report(method, `must ask for a key, as its API has usage plans, got apiKeyRequired ${show(key)}`);
  },
};
