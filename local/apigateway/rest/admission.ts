import { hostName, isLoopbackHost } from "../../ports/hosts";
import { headerValues, requestHeadBytes } from "../request-headers";
import type { RestExchange } from "./exchange";
import { admitPrivate } from "./private-admission";
import type { RestRegion } from "./rest-model";
import { byDomain, byStage, forbidden, type Refusal } from "./stage-admission";

/** Request line and headers together. */
const maxHeadBytes = 10_240;
/**
 * Finds the API and the stage of a request, and its path in the API.
 * @returns what to refuse it with; undefined when it may go on
 */
export function admit(exchange: RestExchange, region: RestRegion): Refusal | undefined {
  const { req, sentPath } = exchange;
  if (requestHeadBytes(req) > maxHeadBytes)
    return [431, "Request Header Fields Too Large", "RequestHeaderFieldsTooLargeException"];
  if (!sentPath.startsWith("/") || headerValues(req, "host").length > 1) {
    return [400, "Bad Request", "BadRequestException"];
  }
  if (region.kind === "private") return admitPrivate(exchange, region);
  const host = hostName(req.headers.host ?? "");
  if (region.domains.has(host)) return byDomain(exchange, region, host);
  if (isLoopbackHost(req.headers.host ?? "")) return byLoopback(exchange, region);
  const named = region.apis.get(host.split(".", 1)[0]!);
  if (named?.endpointHost !== host || named.endpointDisabled) return forbidden;
  return byStage(exchange, named, sentPath, "");
}

/**
 * A loopback address stands for the endpoint of a region's only API, and for a domain of the API where its endpoint is
 * off, so that paths are those that clients send on AWS.
 */
function byLoopback(exchange: RestExchange, region: RestRegion): Refusal | undefined {
  const [only] = region.apis.values();
  if (region.apis.size !== 1 || only === undefined) return forbidden;
  if (!only.endpointDisabled) return byStage(exchange, only, exchange.sentPath, "");
  const [domain] = region.domains.keys();
  return domain === undefined ? forbidden : byDomain(exchange, region, domain);
}
