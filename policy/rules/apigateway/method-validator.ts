import type { ResourceRule } from "../../core/rule";
import { peek } from "../../core/unknown";

export const methodValidator: ResourceRule = {
  scope: "resource",
  name: "method-validator",
  types: ["aws:apigateway/method:Method"],
  holds: "REST methods validate requests before they cost a server anything.",
  why: "The gateway refuses for free what a server would have to parse.",
  mend: "set requestValidatorId",
  severity: "medium",
  level: "mandatory",
  ids: { N: ["APIG2"], K: ["g53"] },
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html",
  check(method, { report }) {
    if (method.props["httpMethod"] === "OPTIONS") return;
    const validator = peek(() => method.props["requestValidatorId"]);
    if (validator === undefined || validator === "")
      report(method, "must validate requests, got no requestValidatorId");
  },
};
