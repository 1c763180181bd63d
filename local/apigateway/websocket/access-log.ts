import { UserError } from "../../../graph/user-error";
import { escaped } from "../log-text";
import { commonLogTime } from "../log-time";
import { compileTemplate, type Variable } from "../template";
import type { ConnectionEvent } from "./upgrade";

/** None of them has a header, a query or a message. */
const variables: Readonly<Record<string, Variable<ConnectionEvent>>> = {
  apiId: ({ upgrade }) => upgrade.api.apiId,
  "authorizer.error": (event) => event.authorizerError,
  "authorizer.principalId": ({ upgrade }) => upgrade.authorizer?.["principalId"],
  connectedAt: ({ upgrade }) => upgrade.connectedAt,
  connectionId: ({ upgrade }) => upgrade.connectionId,
  domainName: ({ upgrade }) => upgrade.domainName,
  "error.responseType": (event) => event.errorType,
  eventType: (event) => event.eventType,
  extendedRequestId: (event) => event.requestId,
  "identity.sourceIp": ({ upgrade }) => upgrade.sourceIp,
  "identity.userAgent": ({ upgrade }) => upgrade.userAgent,
  "integration.error": (event) => event.integrationError,
  "integration.latency": (event) => Date.now() - event.startedAt,
  "integration.status": (event) => event.integrationStatus,
  requestId: (event) => event.requestId,
  requestTime: (event) => commonLogTime(event.startedAt),
  requestTimeEpoch: (event) => event.startedAt,
  routeKey: (event) => event.routeKey,
  stage: ({ upgrade }) => upgrade.stage.name,
  status: (event) => event.status,
};

/**
 * Compiles a planned access log format to a function that writes one line for an event. Values are escaped for JSON; `-` is
 * written for a value that an event does not have.
 * @throws {UserError} on a variable that the local gateway does not have
 */
export function compileWebSocketLogFormat(format: string): (event: ConnectionEvent) => string {
  const find = (name: string) => (name.startsWith("context.") ? variables[name.slice("context.".length)] : undefined);
  const parts = compileTemplate(format, find, (variable) => {
    throw new UserError(
      `access log format: every variable must be one the local gateway has, got ${variable}; remove it, or add it to local/apigateway/websocket/access-log.ts`,
    );
  });
  return (event) => parts.map((part) => (typeof part === "string" ? part : escaped(part(event) ?? "-"))).join("");
}
