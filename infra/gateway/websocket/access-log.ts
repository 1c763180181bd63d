import { webSocketQuotas } from "../quotas";
import { fitting } from "../within-quota";

const format = JSON.stringify({
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  eventType: "$context.eventType",
  routeKey: "$context.routeKey",
  connectionId: "$context.connectionId",
  subject: "$context.authorizer.principalId",
  status: "$context.status",
  integrationLatency: "$context.integration.latency",
  integrationStatus: "$context.integration.status",
  integrationError: "$context.integration.error",
  authorizerError: "$context.authorizer.error",
  errorType: "$context.error.responseType",
  userAgent: "$context.identity.userAgent",
});

/**
 * Format of the access log of a WebSocket API: one JSON object per event of a connection. It has neither headers, in one of
 * which the token is, nor the query, nor messages. Every value is quoted: API Gateway writes `-` for one that is not there.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
export const webSocketAccessLogFormat = fitting(webSocketQuotas.logFormat, format, {
  subject: "WebSocket API",
  fix: "leave fields out",
});
