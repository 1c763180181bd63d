import type { Dispatcher } from "undici";
import type { LocalCompute } from "../../local-compute";
import { hostName } from "../../ports/hosts";
import { type BalancerFailure, balancerPage, linkAddress } from "../balancer";
import { hasBody, readBody } from "../body";
import { randomText } from "../random-text";
import { clientHeaders, continuedTrace, traceId } from "../request-headers";
import type { PrivateIntegration, UrlIntegration } from "./api-routes";
import type { Exchange } from "./exchange";
import { type MappedRequest, mapRequest } from "./parameter-mapping";
import { relay, type UpstreamFailure, type UpstreamRequest } from "./proxy";

/** Forwards a request to a server behind a balancer or found in Cloud Map. Does not retry, as AWS does not. */
export async function forwardToServer(
  exchange: Exchange,
  integration: PrivateIntegration,
  compute: LocalCompute,
  dispatcher: Dispatcher,
): Promise<void> {
  const request = await mappedRequest(exchange, integration, exchange.stagePath, upstreamHeaders(exchange));
  if (request === "too-large") return;
  const { headers, body } = request;
  const choice = compute.pickServer(integration.uri, hostOf(headers));
  if (choice.kind === "none") {
    exchange.integrationEnded(undefined, "no healthy target");
    if (choice.via === "balancer") answerAsBalancer(exchange, "none");
    else exchange.refuse(503, "Service Unavailable");
    return;
  }
  if (choice.kind === "fixed") {
    exchange.integrationEnded(choice.status);
    exchange.sendResponse(
      choice.status,
      ["server", "awselb/2.0", "content-type", choice.contentType],
      Buffer.from(choice.body),
    );
    return;
  }
  if (choice.via === "balancer") {
    passThroughBalancer(headers, integration.listenerPort);
  }
  const { timeoutMilliseconds, method = exchange.method } = integration;
  const upstream = { origin: choice.origin, path: request.path, method, headers, body, timeoutMilliseconds };
  const fail = (failure: UpstreamFailure) => answerFailure(exchange, choice.via, failure);
  exchange.server = choice;
  relay(exchange, dispatcher, upstream, fail, () => choice.requestEnded());
}

/**
 * Prepares a request to an integration, changed as planned.
 * @param path  before mappings, without query
 * @param headers  before mappings, with names in lower case
 * @returns `too-large` when it was answered with 413
 */
export async function mappedRequest(
  exchange: Exchange,
  { mappings }: PrivateIntegration | UrlIntegration,
  path: string,
  headers: string[],
): Promise<Pick<UpstreamRequest, "headers" | "path" | "body"> | "too-large"> {
  const body = await requestBody(exchange);
  if (body === "too-large") return body;
  const unchanged = { headers, path, query: exchange.query };
  const source = { exchange, ...(body === null ? {} : { requestBody: body }) };
  const mapped: MappedRequest = mapRequest(mappings, unchanged, source);
  return { headers, body, path: mapped.query === "" ? mapped.path : `${mapped.path}?${mapped.query}` };
}

/**
 * Reads the body of a request whole, before a server is asked. No server then gets only a part of it, and a server that
 * answers early leaves no unread rest on the client's connection, where the client's next request would wait for ever.
 * Answers 413 itself when the body is too large.
 */
async function requestBody(exchange: Exchange): Promise<Buffer | null | "too-large"> {
  if (!hasBody(exchange.req)) return null;
  const body = await readBody(exchange.req);
  if (body === "too-large") exchange.refuse(413, "Request Entity Too Large");
  return body;
}

/**
 * Returns the headers that HTTP APIs send to a server: the client's, and RFC 7239's instead of `x-forwarded-*`. A client
 * cannot write the latter.
 */
export function upstreamHeaders(exchange: Exchange): string[] {
  const headers = clientHeaders(exchange.req, ["forwarded", "via"]);
  const { domainName, sourceIp } = exchange;
  headers.push("forwarded", `for=${sourceIp};host=${domainName};proto=https`);
  headers.push("via", "HTTP/1.1 AmazonAPIGateway", "x-amzn-trace-id", traceId(exchange));
  return headers;
}

/** Returns the name in the Host header of a flat list of names (lower case) and values. */
function hostOf(headers: readonly string[]): string {
  const at = headers.findIndex((text, index) => index % 2 === 0 && text === "host");
  return hostName(at < 0 ? "" : headers[at + 1]!);
}

/** Adds what a balancer does: its own part of the trace, and the address of its client, which is the VPC link. */
function passThroughBalancer(headers: string[], port: number | undefined): void {
  const at = headers.indexOf("x-amzn-trace-id") + 1;
  const seconds = Math.floor(Date.now() / 1_000).toString(16);
  headers[at] = continuedTrace(headers[at], `1-${seconds}-${randomText(12, "hex")}`);
  headers.push("x-forwarded-for", linkAddress, "x-forwarded-proto", "http", "x-forwarded-port", String(port));
}

function answerFailure(exchange: Exchange, via: "balancer" | "discovery", failure: UpstreamFailure): void {
  if (failure === "large") exchange.refuse(500, "Internal Server Error");
  else if (failure === "timeout" || via === "discovery") exchange.refuse(503, "Service Unavailable");
  else answerAsBalancer(exchange, failure);
}

/** Answers with an error page of the balancer, which passes through the gateway as a server's response does. */
function answerAsBalancer(exchange: Exchange, failure: BalancerFailure): void {
  const { status, contentType, body } = balancerPage(failure);
  exchange.integrationEnded(status);
  exchange.sendResponse(status, ["server", "awselb/2.0", "content-type", contentType], Buffer.from(body));
}
