import type { Dispatcher } from "undici";
import type { LocalCompute } from "../local-compute";
import type { PrivateIntegration } from "./api-routes";
import { hasBody, readBody } from "./body";
import { type Exchange, hostName } from "./exchange";
import { applyHeaderMappings } from "./parameter-mapping";
import { relay, type UpstreamFailure } from "./proxy";
import { clientHeaders, traceId } from "./request-headers";

const balancerPages = {
  none: [503, "503 Service Temporarily Unavailable"],
  broken: [502, "502 Bad Gateway"],
  connect: [504, "504 Gateway Time-out"],
} as const;

/** Forwards a request to a server behind a balancer or found in Cloud Map. Does not retry, as AWS does not. */
export async function forwardToServer(
  exchange: Exchange,
  integration: PrivateIntegration,
  compute: LocalCompute,
  dispatcher: Dispatcher,
): Promise<void> {
  const body = await requestBody(exchange);
  if (body === "too-large") return;
  const headers = upstreamHeaders(exchange);
  applyHeaderMappings(integration.mappings, exchange, headers);
  const choice = compute.pickServer(integration.uri, hostOf(headers));
  if (choice.kind === "none") {
    exchange.integrationEnded(undefined, "no healthy target");
    if (choice.via === "balancer") answerAsBalancer(exchange, "none");
    else exchange.refuse(503, "Service Unavailable");
    return;
  }
  if (choice.kind === "fixed") {
    exchange.integrationEnded(choice.status);
    exchange.send(
      choice.status,
      ["server", "awselb/2.0", "content-type", choice.contentType],
      Buffer.from(choice.body),
    );
    return;
  }
  if (choice.via === "balancer") {
    headers.push("x-forwarded-for", exchange.sourceIp, "x-forwarded-proto", "http");
    headers.push("x-forwarded-port", String(integration.listenerPort));
  }
  const { timeoutMilliseconds, method = exchange.method } = integration;
  const path = withQuery(exchange, exchange.stagePath);
  const upstream = { origin: choice.origin, path, method, headers, body, timeoutMilliseconds };
  const fail = (failure: UpstreamFailure) => answerFailure(exchange, choice.via, failure);
  relay(exchange, dispatcher, upstream, fail, () => choice.requestEnded());
}

/**
 * Reads the body of a request whole, before a server is asked. No server then gets only a part of it, and a server that
 * answers early leaves no unread rest on the client's connection, where the client's next request would wait for ever.
 * Answers 413 itself when the body is too large.
 */
export async function requestBody(exchange: Exchange): Promise<Buffer | null | "too-large"> {
  if (!hasBody(exchange.req)) return null;
  const body = await readBody(exchange.req);
  if (body === "too-large") exchange.refuse(413, "Request Entity Too Large");
  return body;
}

/** Returns the headers that HTTP APIs send to a server: the client's, and RFC 7239's instead of `x-forwarded-*`. */
export function upstreamHeaders(exchange: Exchange): string[] {
  const headers = clientHeaders(exchange.req);
  const { domainName, sourceIp } = exchange;
  headers.push("forwarded", `by=127.0.0.1;for=${sourceIp};host=${domainName};proto=https`);
  headers.push("via", "HTTP/1.1 AmazonAPIGateway", "x-amzn-trace-id", traceId(exchange));
  return headers;
}

/** Returns the name in the Host header of a flat list of names (lower case) and values. */
function hostOf(headers: readonly string[]): string {
  const at = headers.findIndex((text, index) => index % 2 === 0 && text === "host");
  return hostName(at < 0 ? "" : headers[at + 1]!);
}

/** Adds the client's query to a path. */
export function withQuery({ query }: Exchange, path: string): string {
  return query === "" ? path : `${path}?${query}`;
}

function answerFailure(exchange: Exchange, via: "balancer" | "discovery", failure: UpstreamFailure): void {
  if (failure === "large") exchange.refuse(500, "Internal Server Error");
  else if (failure === "timeout" || via === "discovery") exchange.refuse(503, "Service Unavailable");
  else answerAsBalancer(exchange, failure);
}

/** Answers with an error page of the balancer, which passes through the gateway as a server's response does. */
function answerAsBalancer(exchange: Exchange, kind: keyof typeof balancerPages): void {
  const [status, title] = balancerPages[kind];
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  exchange.integrationEnded(status);
  exchange.send(status, ["server", "awselb/2.0", "content-type", "text/html"], Buffer.from(page));
}
