import { hostName, isLoopbackHost } from "../../ports/hosts";
import { headerValues, requestHeadBytes } from "../request-headers";
import type { Exchange } from "./exchange";

type Refusal = readonly [status: number, message: string];

const maxHeadBytes = 10_240;

/**
 * Checks a request before it is routed (size of its head, path, Host header), then sets its stage.
 * @returns status and message to refuse it with; undefined when it may go on
 */
export function checkRequest(exchange: Exchange): Refusal | undefined {
  const { req, api } = exchange;
  const host = hostName(req.headers.host ?? "");
  if (requestHeadBytes(req) > maxHeadBytes) return [431, "Request Header Fields Too Large"];
  if (!exchange.path.startsWith("/") || headerValues(req, "host").length > 1) return [400, "Bad Request"];
  const mapped = api.domains.get(host);
  if (mapped === undefined) {
    const own = host === api.endpointHost;
    if (own && api.endpointDisabled) return [404, "Not Found"];
    if (!own && !isLoopbackHost(host)) return [403, "Forbidden"];
  }
  exchange.stage = mapped === undefined ? chooseStage(exchange) : api.stages.get(mapped);
  return exchange.stage ? undefined : [404, "Not Found"];
}

/** Returns the stage that the path begins with, else `$default`; takes the stage's name off the path. */
function chooseStage(exchange: Exchange): Exchange["stage"] {
  const { stages } = exchange.api;
  const name = exchange.path.split("/", 2)[1] ?? "";
  const named = name === "$default" ? undefined : stages.get(name);
  if (named) exchange.path = exchange.path.slice(name.length + 1) || "/";
  return named ?? stages.get("$default");
}
