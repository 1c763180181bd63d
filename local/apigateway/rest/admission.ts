import { hostName, isLoopbackHost } from "../../ports/hosts";
import { headerValues, requestHeadBytes } from "../request-headers";
import type { RestExchange } from "./exchange";
import { admitPrivate } from "./private-admission";
import type { RestApiModel, RestRegion } from "./rest-model";
import type { RestStage } from "./stages";

/** Status and message with which a request is refused before an API is found. */
export type Refusal = readonly [status: number, message: string, errorType: string];

/** Request line and headers together. */
const maxHeadBytes = 10_240;
/** The answer to a request for no API. */
export const forbidden: Refusal = [403, "Forbidden", "ForbiddenException"];

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

/** The longest base path wins; a mapping without a stage takes the stage from the path. */
export function byDomain(exchange: RestExchange, region: RestRegion, host: string): Refusal | undefined {
  const segments = exchange.sentPath.split("/").slice(1);
  const mapping = region.domains
    .get(host)!
    .find(({ basePath }) => basePath.every((segment, i) => segments[i] === segment));
  if (mapping === undefined) return forbidden;
  const api = region.apis.get(mapping.apiId)!;
  const rest = `/${segments.slice(mapping.basePath.length).join("/")}`;
  exchange.customDomain = true;
  if (mapping.stage === undefined) return byStage(exchange, api, rest, exchange.sentPath);
  const stage = api.stages.get(mapping.stage);
  return stage === undefined ? forbidden : enter(exchange, api, stage, rest, exchange.sentPath);
}

/** The first segment of the path is the stage. @param sent  path to a custom domain; empty without one */
export function byStage(exchange: RestExchange, api: RestApiModel, path: string, sent: string): Refusal | undefined {
  const trimmed = path.replace(/^\/+/, "");
  const slash = trimmed.indexOf("/");
  const name = slash < 0 ? trimmed : trimmed.slice(0, slash);
  const stage = api.stages.get(name);
  if (stage === undefined) return forbidden;
  const rest = slash < 0 ? "/" : trimmed.slice(slash);
  return enter(exchange, api, stage, rest, sent || `/${name}${rest}`);
}

function enter(
  exchange: RestExchange,
  api: RestApiModel,
  stage: RestStage,
  path: string,
  contextPath: string,
): undefined {
  exchange.api = api;
  exchange.stage = stage;
  exchange.resourcePath = `/${path.replace(/^\/+/, "")}`;
  exchange.contextPath = contextPath;
  const { canary, variables } = stage;
  if (canary === undefined) exchange.stageVariables = variables;
  else {
    exchange.isCanary = Math.random() * 100 < canary.percentTraffic;
    exchange.stageVariables = exchange.isCanary ? { ...variables, ...canary.variables } : variables;
  }
  return undefined;
}
