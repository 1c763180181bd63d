import { httpQuotas } from "../quotas";
import { fitting } from "../within-quota";

const format = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.path",
  routeKey: "$context.routeKey",
  protocol: "$context.protocol",
  status: "$context.status",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  integrationStatus: "$context.integrationStatus",
  integrationError: "$context.integrationErrorMessage",
  authorizerError: "$context.authorizer.error",
  userAgent: "$context.identity.userAgent",
});

/**
 * Format of the access log: one JSON object per request. Every value is quoted, numbers too: API Gateway writes `-` for
 * a value that a request does not have.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export const accessLogFormat = fitting(httpQuotas.logFormat, format, { subject: "HTTP API", fix: "leave fields out" });
