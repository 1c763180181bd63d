import type { Dispatcher } from "undici";
import type { Backends } from "../backends";
import type { PrivateIntegration } from "./api-routes";
import { hasBody, readBody } from "./body";
import type { Exchange } from "./exchange";
import { applyMappings } from "./parameter-mapping";
import { type Failure, relay, type Upstream } from "./proxy";
import { clientHeaders, traceId } from "./request-headers";

const balancerPages = {
  none: [503, "503 Service Temporarily Unavailable"],
  broken: [502, "502 Bad Gateway"],
  connect: [504, "504 Gateway Time-out"],
} as const;

/** Calls a server behind a balancer, or one found in Cloud Map. Never twice: AWS retries nothing here. */
export async function callPrivate(
  exchange: Exchange,
  integration: PrivateIntegration,
  backends: Backends,
  dispatcher: Dispatcher,
): Promise<void> {
  const body = await requestBody(exchange);
  if (body === "too-large") return;
  const choice = backends.pick(integration.uri);
  if (choice.kind === "none") {
    exchange.integrationEnded(undefined, "no healthy target");
    if (choice.via === "balancer") balancerPage(exchange, "none");
    else exchange.refuse(503, "Service Unavailable");
    return;
  }
  const headers = upstreamHeaders(exchange);
  if (choice.via === "balancer") {
    headers.push("x-forwarded-for", exchange.sourceIp, "x-forwarded-proto", "http");
    headers.push("x-forwarded-port", String(integration.listenerPort));
  }
  applyMappings(integration.mappings, exchange, headers);
  const { timeoutMilliseconds, method = exchange.method } = integration;
  const path = withQuery(exchange, exchange.stagePath);
  const upstream = { origin: choice.origin, path, method, headers, body, timeoutMilliseconds };
  const fail = (failure: Failure) => failPrivate(exchange, choice.via, failure);
  relay(exchange, dispatcher, upstream, fail, () => choice.done());
}

/** A body of announced length is streamed; a chunked one is read first, so that no backend sees a part of it. */
export async function requestBody(exchange: Exchange): Promise<Upstream["body"] | "too-large"> {
  const { req } = exchange;
  if (!hasBody(req)) return null;
  if (req.headers["transfer-encoding"] === undefined) return req;
  const body = await readBody(req);
  if (body === "too-large") exchange.refuse(413, "Request Entity Too Large");
  return body;
}

/** As HTTP APIs send them to HTTP backends: RFC 7239's header instead of `x-forwarded-*`. */
export function upstreamHeaders(exchange: Exchange): string[] {
  const headers = clientHeaders(exchange.req);
  const { domainName, sourceIp } = exchange;
  headers.push("forwarded", `by=127.0.0.1;for=${sourceIp};host=${domainName};proto=https`);
  headers.push("via", "HTTP/1.1 AmazonAPIGateway", "x-amzn-trace-id", traceId(exchange));
  return headers;
}

export function withQuery({ query }: Exchange, path: string): string {
  return query === "" ? path : `${path}?${query}`;
}

function failPrivate(exchange: Exchange, via: "balancer" | "discovery", failure: Failure): void {
  if (failure === "large") exchange.refuse(500, "Internal Server Error");
  else if (failure === "timeout" || via === "discovery") exchange.refuse(503, "Service Unavailable");
  else balancerPage(exchange, failure);
}

/** The balancer's own answer passes through the gateway as any other. */
function balancerPage(exchange: Exchange, kind: keyof typeof balancerPages): void {
  const [status, title] = balancerPages[kind];
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  exchange.integrationEnded(status);
  exchange.send(status, ["server", "awselb/2.0", "content-type", "text/html"], Buffer.from(page));
}
