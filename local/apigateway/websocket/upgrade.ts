import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { commonLogTime } from "../log-time";
import { type HeaderList, lastValue, multiValues, requestHeaders, singleValues } from "../rest/headers";
import type { WebSocketApiModel, WebSocketStage } from "./api-model";
import { newConnectionId } from "./connection-id";

/** What an authorizer has passed on, all values as texts. */
export type AuthorizerContext = Readonly<Record<string, string | number>>;

/** The request that asks for a connection, which all its events are about. */
export class Upgrade {
  readonly connectionId = newConnectionId();
  readonly connectedAt = Date.now();
  readonly headers: HeaderList;
  readonly query: readonly (readonly [string, string])[];
  readonly sourceIp: string;
  /** @default unset, where everyone may connect */
  authorizer: AuthorizerContext | undefined;

  constructor(
    readonly api: WebSocketApiModel,
    readonly stage: WebSocketStage,
    readonly domainName: string,
    req: IncomingMessage,
  ) {
    this.headers = requestHeaders(req.rawHeaders);
    this.query = [...new URL(req.url ?? "/", "http://localhost").searchParams];
    this.sourceIp = req.socket.remoteAddress ?? "";
  }

  get userAgent(): string | undefined {
    return lastValue(this.headers, "user-agent");
  }

  /** Returns the value of an identity source; undefined where the request has none. */
  identity(source: string): string | undefined {
    const [, place, name = ""] = /^route\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
    return place === "header" ? lastValue(this.headers, name) : this.query.findLast(([each]) => each === name)?.[1];
  }

  /** Returns the parts of an event that come from the request itself. */
  get requestParts(): Record<string, unknown> {
    const { headers, query } = this;
    return {
      headers: singleValues(headers),
      multiValueHeaders: multiValues(headers),
      ...(query.length === 0
        ? {}
        : { queryStringParameters: singleValues(query), multiValueQueryStringParameters: multiValues(query) }),
    };
  }

  /** Starts an event of the connection. */
  event(routeKey: string, eventType: EventType, more: Readonly<Record<string, unknown>> = {}): ConnectionEvent {
    return new ConnectionEvent(this, routeKey, eventType, more);
  }
}

/** What an event says of a connection. */
export type EventType = "CONNECT" | "MESSAGE" | "DISCONNECT";

/** One event of a connection: what the function gets of it, and what the access log says. */
export class ConnectionEvent {
  readonly requestId = randomUUID();
  readonly startedAt = Date.now();
  status: number | undefined;
  integrationStatus: number | undefined;
  integrationError: string | undefined;
  authorizerError: string | undefined;
  errorType: string | undefined;

  constructor(
    readonly upgrade: Upgrade,
    readonly routeKey: string,
    readonly eventType: EventType,
    private readonly more: Readonly<Record<string, unknown>>,
  ) {}

  /** Returns the `requestContext` of the event. */
  get context(): Record<string, unknown> {
    const { api, stage, domainName, connectionId, connectedAt, sourceIp, userAgent, authorizer } = this.upgrade;
    return {
      routeKey: this.routeKey,
      ...(authorizer === undefined ? {} : { authorizer }),
      ...this.more,
      eventType: this.eventType,
      extendedRequestId: this.requestId,
      requestTime: commonLogTime(this.startedAt),
      messageDirection: "IN",
      stage: stage.name,
      connectedAt,
      requestTimeEpoch: this.startedAt,
      identity: { ...(userAgent === undefined ? {} : { userAgent }), sourceIp },
      requestId: this.requestId,
      domainName,
      connectionId,
      apiId: api.apiId,
    };
  }
}
