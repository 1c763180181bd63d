import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { hostName } from "../../ports/hosts";
import type { GatewaySteps } from "../ended-request";
import type { Clock } from "../gateway";
import { percentDecoded } from "../percent-decoded";
import { randomText } from "../random-text";
import type { ApiEndpoint, PrivateDomain } from "./endpoints";
import type { GatewayError } from "./gateway-responses";
import { type HeaderList, headerText, lastValue, requestHeaders } from "./headers";
import type { RestMethod } from "./methods";
import type { RestApiModel } from "./rest-model";
import type { RestStage } from "./stages";
import { newTrace } from "./trace";

/** What an authorizer said about the caller. */
export interface AuthorizerResult {
  /** `$context.authorizer`: the principal, and the authorizer's own values as texts. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Value of the key whose usage plan counts. */
  readonly usageIdentifierKey?: string;
}

/** One request in the gateway of a REST API, with what was found out about it, and its answer. */
export class RestExchange {
  readonly requestId = randomUUID();
  readonly extendedRequestId = `${randomText(11, "base64url")}=`;
  readonly startedAt: number;
  readonly timeEpoch: number;
  readonly httpMethod: string;
  /** As sent, without query. */
  readonly sentPath: string;
  /** Names and values of the query, decoded. */
  readonly query: HeaderList;
  /** What integrations may see of the client's headers. */
  readonly headers: HeaderList;
  readonly sourceIp: string;
  readonly trace: string;
  /** Without stage, or without base path; encoded. */
  resourcePath = "";
  /** `$context.path`: with the stage, or as sent to a custom domain. */
  contextPath = "";
  customDomain = false;
  /** How a request reached a private API; undefined for other APIs. */
  via: { readonly endpoint: ApiEndpoint; readonly domain?: PrivateDomain } | undefined;
  api!: RestApiModel;
  stage!: RestStage;
  stageVariables: Readonly<Record<string, string>> | undefined;
  /** Unset where the stage has no canary. */
  isCanary: boolean | undefined;
  method: RestMethod | undefined;
  pathParameters: Readonly<Record<string, string>> | undefined;
  body: Buffer = Buffer.alloc(0);
  authorizer: AuthorizerResult | undefined;
  authorizerStatus: number | undefined;
  authorizerError: string | undefined;
  authorizerMilliseconds: number | undefined;
  /** The key of a method that demands one. */
  apiKey: { readonly id: string; readonly value: string } | undefined;
  error: GatewayError | undefined;
  authorizerStartedAt: number | undefined;
  integrationStartedAt: number | undefined;
  integrationMilliseconds: number | undefined;
  /** Status of the integration's answer: of the function's code, or of the endpoint. */
  integrationStatus: number | undefined;
  /** Status of the service that was asked: of the Lambda API, or of the endpoint. */
  endpointStatus: number | undefined;
  integrationError: string | undefined;
  responseLength = 0;

  constructor(
    readonly clock: Clock,
    readonly req: IncomingMessage,
    readonly res: ServerResponse,
  ) {
    this.startedAt = clock.monotonic();
    this.timeEpoch = clock.wall();
    this.httpMethod = req.method ?? "";
    this.sourceIp = req.socket.remoteAddress ?? "";
    const url = req.url ?? "";
    const mark = url.indexOf("?");
    this.sentPath = mark < 0 ? url : url.slice(0, mark);
    this.query = mark < 0 ? [] : queryPairs(url.slice(mark + 1));
    this.headers = requestHeaders(req.rawHeaders);
    this.trace = newTrace(lastValue(this.headers, "x-amzn-trace-id"), this.timeEpoch);
  }

  /** Host name without port, lower case. */
  get domainName(): string {
    return hostName(this.req.headers.host ?? "");
  }

  /** What was done for the request, as the platform's traces have it. */
  get steps(): GatewaySteps {
    const { startedAt, clock } = this;
    const step = (from: number, milliseconds: number | undefined, error: string | undefined) => {
      return { startMs: from - startedAt, ms: milliseconds ?? clock.monotonic() - from, error };
    };
    const { authorizerStartedAt: asked, integrationStartedAt: sent } = this;
    return {
      ...(asked === undefined ? {} : { authorizer: step(asked, this.authorizerMilliseconds, this.authorizerError) }),
      ...(sent === undefined ? {} : { integration: step(sent, this.integrationMilliseconds, this.integrationError) }),
    };
  }

  /** ARN of the method that was called: `<api ARN>/<stage>/<method>/<path>`. */
  get methodArn(): string {
    const { accountId, apiId, region } = this.api;
    const path = this.resourcePath.replace(/^\/+/, "").replace(/\/+$/, "");
    return `arn:aws:execute-api:${region}:${accountId}:${apiId}/${this.stage.name}/${this.httpMethod}/${path}`;
  }

  /**
   * Answers the client. API Gateway's own headers are added.
   * @param headers  those of the answer, without length
   */
  send(status: number, headers: HeaderList, body: Buffer): void {
    if (this.res.headersSent) return;
    const bodiless = status === 204 || status === 304;
    const length: HeaderList = bodiless ? [] : [["content-length", String(body.length)]];
    this.writeHead(status, [...headers, ...length]);
    if (!bodiless) this.responseLength = body.length;
    this.res.end(bodiless ? undefined : body);
  }

  /** Sends status and headers, with API Gateway's own headers. */
  writeHead(status: number, headers: HeaderList): void {
    const head: string[] = [];
    for (const [name, value] of headers) head.push(name, headerText(value));
    head.push("x-amzn-RequestId", this.requestId, "x-amz-apigw-id", this.extendedRequestId);
    head.push("connection", this.res.shouldKeepAlive ? "keep-alive" : "close");
    this.res.writeHead(status, head);
  }
}

function queryPairs(query: string): HeaderList {
  const text = (part: string) => percentDecoded(part.replaceAll("+", " "));
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0 ? [text(pair), ""] : [text(pair.slice(0, equals)), text(pair.slice(equals + 1))];
    });
}
