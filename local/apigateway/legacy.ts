import type { Dispatcher } from "undici";
import type { UrlIntegration } from "./api-routes";
import type { Exchange } from "./exchange";
import { mappedRequest, upstreamHeaders } from "./private-integration";
import { relay } from "./proxy";
import { pathParameters } from "./router";

const loopback = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/**
 * The origins that requests to legacy endpoints are sent to. No request leaves this machine unless it is configured.
 */
export class LegacyOrigins {
  private readonly reported = new Set<string>();

  /**
   * @param origins  planned origin -> origin that gets its requests instead
   * @param log      gets one line per refused origin
   */
  constructor(
    private readonly origins: Readonly<Record<string, string>>,
    private readonly log: (message: string) => void,
  ) {}

  /** Returns where requests to a planned origin go; undefined when they would leave this machine. */
  resolve(origin: string): string | undefined {
    const mapped = Object.hasOwn(this.origins, origin) ? this.origins[origin] : undefined;
    if (mapped !== undefined || loopback.test(origin)) return mapped ?? origin;
    if (!this.reported.has(origin)) {
      this.reported.add(origin);
      this.log(
        `gateway: requests to ${origin} leave this machine and are answered 503; map the origin, as in ${origin}=http://127.0.0.1:9000`,
      );
    }
    return undefined;
  }
}

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
