import type { IncomingMessage } from "node:http";
import type { LocalCompute } from "../../../local-compute";
import { type BalancerPage, balancerPage, linkAddress } from "../../balancer";
import type { LegacyOrigins } from "../../legacy-origins";
import type { RestExchange } from "../exchange";
import type { Answer } from "../function-answer";
import { GatewayError } from "../gateway-responses";
import { type HeaderList, lastValue, replaced, withDefaults, without } from "../headers";
import type { RestIntegration } from "../methods";
import { answerHeaders, type HttpClient, type OutgoingRequest } from "./http-client";
import { filledUri, type MappedRequest } from "./integration-request";

/** What HTTP integrations send their requests by. */
export interface HttpTargets {
  readonly client: HttpClient;
  readonly compute: LocalCompute;
  readonly legacy: LegacyOrigins;
}

const bodilessMethods = ["GET", "HEAD", "OPTIONS"];

/** Sends a request to the endpoint of an `HTTP` or `HTTP_PROXY` integration and returns the answer as it is. */
export async function askEndpoint(exchange: RestExchange, request: MappedRequest, to: HttpTargets): Promise<Answer> {
  const { outgoing, ended } = prepare(exchange, request, to);
  if (!("origin" in outgoing)) return outgoing;
  try {
    return await to.client.send(outgoing, aborted(exchange));
  } catch (error) {
    return failureAnswer(exchange, error);
  } finally {
    ended();
  }
}

/** Sends a request to an endpoint and passes its answer on while it arrives. */
export async function streamEndpoint(
  exchange: RestExchange,
  request: MappedRequest,
  to: HttpTargets,
): Promise<Answer | { readonly status: number; readonly headers: HeaderList; readonly stream: IncomingMessage }> {
  const { outgoing, ended } = prepare(exchange, request, to);
  if (!("origin" in outgoing)) return outgoing;
  try {
    const stream = await to.client.open(outgoing, aborted(exchange));
    stream.once("close", ended);
    return { status: stream.statusCode!, headers: answerHeaders(stream), stream };
  } catch (error) {
    ended();
    return failureAnswer(exchange, error);
  }
}

/** A balancer answers itself for a server that breaks a connection or refuses it. @throws any other failure */
function failureAnswer({ method }: RestExchange, error: unknown): Answer {
  const broken = error instanceof GatewayError && error.type === "INTEGRATION_FAILURE";
  if (broken && method!.integration.listener !== undefined) return pageAnswer(balancerPage("broken"));
  throw error;
}

/** Aborts a request to an endpoint when the client goes away. */
function aborted({ res }: RestExchange): AbortSignal {
  const controller = new AbortController();
  res.once("close", () => {
    if (!res.writableFinished) controller.abort();
  });
  return controller.signal;
}

interface Prepared {
  /** A page of the balancer where it has no server for the request. */
  readonly outgoing: OutgoingRequest | Answer;
  ended(): void;
}

function prepare(exchange: RestExchange, request: MappedRequest, { compute, legacy }: HttpTargets): Prepared {
  const { integration } = exchange.method!;
  const uri = filledUri(exchange, request.path);
  const [, planned = "", host = "", rest = "/"] = /^(https?:\/\/([^/?#]+))([/?].*)?$/s.exec(uri) ?? [];
  const headers = endpointHeaders(exchange, request, host);
  const method = methodOf(exchange);
  const outgoing = {
    path: withQuery(rest.startsWith("/") ? rest : `/${rest}`, exchange, request),
    method,
    body: bodilessMethods.includes(method) ? Buffer.alloc(0) : request.body,
    timeoutMilliseconds: integration.timeoutMilliseconds,
  };
  if (integration.listener !== undefined) {
    return throughLink(outgoing, headers, { compute, listener: integration.listener });
  }
  const origin = legacy.resolve(planned);
  if (origin === undefined) throw new GatewayError("INTEGRATION_FAILURE", "Network error communicating with endpoint");
  return { outgoing: { ...outgoing, origin, headers }, ended: () => {} };
}

/** Chooses a server as the balancer behind a VPC link does. Its own pages pass through the gateway as answers. */
function throughLink(
  outgoing: Omit<OutgoingRequest, "origin" | "headers">,
  headers: HeaderList,
  { compute, listener }: { compute: LocalCompute; listener: NonNullable<RestIntegration["listener"]> },
): Prepared {
  const host = (lastValue(headers, "host") ?? "").replace(/:\d+$/, "");
  const choice = compute.pickServer(listener.arn, host.toLowerCase());
  if (choice.kind === "none") return { outgoing: pageAnswer(balancerPage("none")), ended: () => {} };
  if (choice.kind === "fixed") {
    const { status, contentType, body } = choice;
    return { outgoing: pageAnswer({ status, contentType, body }), ended: () => {} };
  }
  const forwarded: HeaderList = [
    ["X-Forwarded-For", linkAddress],
    ["X-Forwarded-Proto", "http"],
    ["X-Forwarded-Port", String(listener.port)],
  ];
  const request = { ...outgoing, origin: choice.origin, headers: replaced(headers, forwarded) };
  return { outgoing: request, ended: () => choice.requestEnded() };
}

function pageAnswer({ status, contentType, body }: BalancerPage): Answer {
  return {
    status,
    headers: [
      ["Server", "awselb/2.0"],
      ["Content-Type", contentType],
    ],
    body: Buffer.from(body),
  };
}

function methodOf({ httpMethod, method }: RestExchange): string {
  const planned = method!.integration.httpMethod;
  return planned === undefined || planned === "ANY" ? httpMethod : planned;
}

/** A proxy passes the client's headers on; else an endpoint sees only what mappings name. */
function endpointHeaders(exchange: RestExchange, { header }: MappedRequest, host: string): HeaderList {
  const { api, headers, httpMethod, method, trace } = exchange;
  const proxy = method!.integration.type === "HTTP_PROXY";
  const passed = proxy ? without(headers, ["host", "content-encoding", "via", "connection", "keep-alive"]) : [];
  const contentType = lastValue(headers, "content-type");
  const typed = contentType !== undefined && !bodilessMethods.includes(httpMethod);
  const defaults: HeaderList = [
    ["Accept", "application/json"],
    ["User-Agent", `AmazonAPIGateway_${api.apiId}`],
    ...(typed ? [["Content-Type", contentType] as const] : []),
    ["Host", host],
  ];
  const kept = without(replaced(passed, header), ["expect", "proxy-authenticate", "te", "via"]);
  return replaced(withDefaults(kept, defaults), [
    ["X-Amzn-Trace-Id", trace],
    ["X-Amzn-Apigateway-Api-Id", api.apiId],
  ]);
}

/** The URI's own query comes first, then the client's on a proxy, then what mappings add. */
function withQuery(path: string, exchange: RestExchange, { querystring }: MappedRequest): string {
  const proxy = exchange.method!.integration.type === "HTTP_PROXY";
  const pairs = [...(proxy ? exchange.query : []), ...querystring];
  const added = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  if (added === "") return path;
  return `${path}${path.includes("?") ? "&" : "?"}${added}`;
}
