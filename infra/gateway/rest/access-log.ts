import { restQuotas } from "../quotas";
import { fitting } from "../within-quota";

const format = JSON.stringify({
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.path",
  routeKey: "$context.httpMethod $context.resourcePath",
  protocol: "$context.protocol",
  status: "$context.status",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  integrationStatus: "$context.integration.status",
  integrationError: "$context.integration.error",
  authorizerError: "$context.authorizer.error",
  authorizerLatency: "$context.authorizer.latency",
  tenant: "$context.authorizer.tenant",
  errorType: "$context.error.responseType",
  traceId: "$context.xrayTraceId",
  userAgent: "$context.identity.userAgent",
});

/**
 * Format of the access log of a REST API: one JSON object per request, with the fields of the HTTP API's log where both
 * have them, so that one search finds a request in either. Every value is quoted: API Gateway writes `-` for a value
 * that a request does not have.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export const restAccessLogFormat = fitting(restQuotas.logFormat, format, {
  subject: "REST API",
  fix: "leave fields out",
});
