import type { Dispatcher } from "undici";
import type { LegacyOrigins } from "../legacy-origins";
import type { UrlIntegration } from "./api-routes";
import type { Exchange } from "./exchange";
import { mappedRequest, upstreamHeaders } from "./private-integration";
import { relay } from "./proxy";
import { pathParameters } from "./router";

/** Forwards a request to a planned URL: `{parameters}` are replaced by what the client sent, its query is added. */
export async function forwardToUrl(
  exchange: Exchange,
  integration: UrlIntegration,
  origins: LegacyOrigins,
  dispatcher: Dispatcher,
): Promise<void> {
  const origin = origins.resolve(integration.origin);
  const fail = () => exchange.refuse(503, "Service Unavailable");
  if (origin === undefined) {
    exchange.integrationEnded(undefined, "outside of this machine");
    fail();
    return;
  }
  const headers = withoutHost(upstreamHeaders(exchange));
  headers.push("host", integration.origin.slice(integration.origin.indexOf("//") + 2));
  const request = await mappedRequest(exchange, integration, pathOf(exchange, integration.path), headers);
  if (request === "too-large") return;
  const { timeoutMilliseconds, method = exchange.method } = integration;
  const onFailure = (failure: string) => (failure === "large" ? exchange.refuse(500, "Internal Server Error") : fail());
  relay(exchange, dispatcher, { origin, method, timeoutMilliseconds, ...request }, onFailure, () => {});
}

/**
 * Returns the path of a request to a planned URL. `$default` with a URL that has no path of its own sends the client's.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
function pathOf(exchange: Exchange, path: string): string {
  if (path === "/" && exchange.route!.key === "$default") return exchange.path;
  if (!path.includes("{")) return path;
  const values = pathParameters(exchange.route!, exchange.segments, (segment) => segment) ?? {};
  return path.replace(/\{([^{}+]+)\+?\}/g, (_, name: string) => (Object.hasOwn(values, name) ? values[name]! : ""));
}

function withoutHost(headers: string[]): string[] {
  const at = headers.findIndex((name, i) => i % 2 === 0 && name === "host");
  if (at >= 0) headers.splice(at, 2);
  return headers;
}
