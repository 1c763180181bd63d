import { number, text } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const authorizerLimits: StackRule = {
  scope: "stack",
  name: "authorizer-limits",
  types: [T.authorizer, "aws:apigateway/authorizer:Authorizer"],
  holds: "A Lambda authorizer answers within 10 s, and its answer is kept for 60 to 300 s.",
  why: "Every request waits for it; kept too long, a revoked right lives on.",
  mend: "set authorizerResultTtlInSeconds to 60-300 and the function's timeout below 10",
  severity: "medium",
  level: "mandatory",
  ids: { availability: 25 },
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html",
  check(authorizer, { stack, report }) {
    const kind = text(authorizer.props["authorizerType"] ?? authorizer.props["type"]) || "TOKEN";
    if (kind === "JWT" || kind === "COGNITO_USER_POOLS") return;
    const rest = authorizer.type.startsWith("aws:apigateway/");
    const ttl = number(authorizer.props["authorizerResultTtlInSeconds"]) ?? (rest ? 300 : 0);
    if (ttl < 60 || ttl > 300) report(authorizer, `must keep answers for 60-300 s, got ${ttl}`);
    for (const lambda of stack.targets(authorizer, "authorizerUri", T.function)) {
      const timeout = number(lambda.props["timeout"]) ?? 3;
      if (timeout >= 10)
        report(lambda, `must answer within 10 s, as ${authorizer} waits for it, got timeout ${timeout}`);
    }
  },
};
