import type { IncomingMessage, ServerResponse } from "node:http";
import { hostName } from "../../ports/hosts";
import type { GatewaySteps } from "../ended-request";
import type { Clock } from "../gateway";
import { randomText } from "../random-text";
import type { HttpApiModel, Stage } from "./api-model";
import type { Route } from "./api-routes";
import { mapResponse, type ParameterMapping } from "./parameter-mapping";

/** One request in the gateway, with what was found out about it, and its response. */
export class Exchange {
  readonly requestId = newRequestId();
  readonly startedAt: number;
  readonly timeEpoch: number;
  readonly method: string;
  /** As sent, without query and, after stage selection, without the stage. */
  path: string;
  /** As sent, without `?`. */
  readonly query: string;
  stage: Stage | undefined;
  route: Route | undefined;
  segments: readonly string[] = [];
  /** Of a JWT authorizer. */
  claims: Readonly<Record<string, string>> | undefined;
  /** Context that a Lambda authorizer returned. */
  authorizerContext: Readonly<Record<string, unknown>> | undefined;
  authorizerError: string | undefined;
  authorizerStartedAt: number | undefined;
  authorizerMilliseconds: number | undefined;
  /** The server that was chosen. */
  server: { readonly origin: string; readonly via: "balancer" | "discovery" } | undefined;
  integrationStartedAt: number | undefined;
  integrationMilliseconds: number | undefined;
  integrationStatus: number | undefined;
  integrationError: string | undefined;
  /** Status of the Lambda API's answer, where a function is invoked. */
  invocationStatus: number | undefined;
  /** Id that an AWS service answered with, in `x-amzn-requestid` or `x-amz-request-id`. */
  endpointRequestId: string | undefined;
  /** Value of `x-amz-id-2`, which Amazon S3 answers with. */
  endpointRequestId2: string | undefined;
  /** Set when the gateway itself answers with an error. */
  ownError: { readonly message: string; readonly type: string } | undefined;
  responseLength = 0;
  /** Copied from the socket, which no longer has it when an aborted request is logged. */
  readonly sourceIp: string;

  constructor(
    readonly api: HttpApiModel,
    readonly clock: Clock,
    readonly req: IncomingMessage,
    readonly res: ServerResponse,
  ) {
    this.startedAt = clock.monotonic();
    this.timeEpoch = clock.wall();
    this.method = req.method ?? "";
    this.sourceIp = req.socket.remoteAddress ?? "";
    const url = req.url ?? "";
    const mark = url.indexOf("?");
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.query = mark < 0 ? "" : url.slice(mark + 1);
  }

  /** Host name without port, lower case. */
  get domainName(): string {
    return hostName(this.req.headers.host ?? "");
  }

  /** Path as servers, events and logs get it: with the name of the stage, except for `$default`. */
  get stagePath(): string {
    const name = this.stage?.name ?? "$default";
    return name === "$default" ? this.path : `/${name}${this.path}`;
  }

  /** Answers with an error of the gateway itself. */
  refuse(status: number, message: string, headers: readonly string[] = []): void {
    const body = Buffer.from(JSON.stringify({ message }));
    this.ownError = { message, type: errorTypes[status] ?? "DEFAULT" };
    // The answers to requests without a valid token have no content type.
    const type = status === 401 ? [] : ["content-type", "application/json"];
    this.send(status, [...type, ...headers], body);
  }

  /** Answers with what an integration answered, changed as its mappings say. */
  sendResponse(status: number, headers: readonly string[], body: Buffer): void {
    const [mapped, list] = this.mapped(status, headers, body);
    this.send(mapped, list, body);
  }

  /** Returns status and headers of an integration's response after its mappings. */
  mapped(status: number, headers: readonly string[], body: Buffer | undefined): [number, readonly string[]] {
    const mappings = this.responseMappings(status);
    if (mappings === undefined) return [status, headers];
    const list = [...headers];
    return [mapResponse(mappings, status, list, { exchange: this, response: { headers, body } }), list];
  }

  /** Returns the changes that are planned for an integration's responses with a status. */
  responseMappings(status: number): readonly ParameterMapping[] | undefined {
    return this.route?.integration.responses?.get(status);
  }

  /** Length of the request's body in bytes. */
  get requestLength(): number {
    return Number(this.req.headers["content-length"] ?? 0);
  }

  send(status: number, headers: readonly string[], body: Buffer): void {
    if (this.res.headersSent) return;
    const bodiless = status === 204 || status === 304;
    this.writeHead(status, bodiless ? headers : [...headers, "content-length", String(body.length)]);
    if (!bodiless) this.responseLength = body.length;
    this.res.end(bodiless ? undefined : body);
  }

  answerPreflight(headers: readonly string[]): void {
    this.res.writeHead(204, [...headers, "apigw-requestid", this.requestId, ...this.connection]);
    this.res.end();
  }

  /**
   * Sends status and headers. Adds the gateway's own headers; its CORS headers replace the server's.
   * @param headers  flat list of names and values, without those about length and encoding of the transfer
   */
  writeHead(status: number, headers: readonly string[]): void {
    const { cors } = this.api;
    const head: string[] = [];
    for (let i = 0; i < headers.length; i += 2) {
      if (cors && headers[i]!.toLowerCase().startsWith("access-control-")) continue;
      head.push(headers[i]!, headers[i + 1]!);
    }
    head.push("apigw-requestid", this.requestId, ...this.connection);
    if (cors) head.push(...cors.responseHeaders(this.req.headers.origin));
    this.res.writeHead(status, head);
  }

  /** Set here, as Node adds a Keep-Alive header to a connection that it decides about. API Gateway sends none. */
  private get connection(): readonly string[] {
    return ["connection", this.res.shouldKeepAlive ? "keep-alive" : "close"];
  }

  /** What was done for the request, as the platform's traces have it. */
  get steps(): GatewaySteps {
    const { startedAt, authorizerStartedAt, authorizerMilliseconds, integrationStartedAt, server } = this;
    const authorizer =
      authorizerStartedAt === undefined
        ? {}
        : {
            authorizer: {
              ...{ startMs: authorizerStartedAt - startedAt, ms: authorizerMilliseconds ?? 0 },
              error: this.authorizerError,
            },
          };
    if (integrationStartedAt === undefined) return authorizer;
    const ms = this.integrationMilliseconds ?? this.clock.monotonic() - integrationStartedAt;
    return {
      ...authorizer,
      integration: { startMs: integrationStartedAt - startedAt, ms, error: this.integrationError, ...server },
    };
  }

  integrationStarted(): void {
    this.integrationStartedAt = this.clock.monotonic();
  }

  integrationEnded(status: number | undefined, error?: string): void {
    this.integrationMilliseconds ??= this.clock.monotonic() - (this.integrationStartedAt ?? this.startedAt);
    this.integrationStatus ??= status;
    this.integrationError ??= error;
  }
}

/** `$context.error.responseType` by status. */
const errorTypes: Readonly<Record<number, string>> = {
  401: "UNAUTHORIZED",
  403: "ACCESS_DENIED",
  404: "NOT_FOUND",
  413: "REQUEST_TOO_LARGE",
  429: "THROTTLED",
  500: "API_CONFIGURATION_ERROR",
  503: "INTEGRATION_FAILURE",
};

/** Makes a request id of 16 characters of base64url that end in `=`, as API Gateway's do. */
function newRequestId(): string {
  return `${randomText(11, "base64url")}=`;
}
