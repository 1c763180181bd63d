import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";

export const functionUrlAuth: ResourceRule = {
  scope: "resource",
  name: "function-url-auth",
  types: ["aws:lambda/functionUrl:FunctionUrl"],
  holds: "A function's URL asks who is calling.",
  why: "It has neither throttle nor firewall before it.",
  mend: "set authorizationType to AWS_IAM",
  severity: "high",
  level: "mandatory",
  ids: { K: ["258"] },
  url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
  check(url, context) {
    requireOneOf(url, context, "authorizationType", ["AWS_IAM"], "be authorised");
  },
};
