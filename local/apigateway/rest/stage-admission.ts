import type { RestExchange } from "./exchange";
import type { RestApiModel, RestRegion } from "./rest-model";
import type { RestStage } from "./stages";

/** Status and message with which a request is refused before an API is found. */
export type Refusal = readonly [status: number, message: string, errorType: string];

/** The answer to a request for no API. */
export const forbidden: Refusal = [403, "Forbidden", "ForbiddenException"];

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
