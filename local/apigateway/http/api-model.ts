import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { UserError } from "../../../graph/user-error";
import { oneOf, unsupported } from "../../unsupported";
import { readDomains } from "../custom-domains";
import { refuseUnknownProperties, resourcesOfApi } from "../planned";
import type { ThrottleLimit } from "../throttle";
import { type Route, readRoutes } from "./api-routes";
import { type CompiledCors, compileCors } from "./cors";

/** Settings of one HTTP API that a local gateway runs by, read from its planned resources. */
export interface HttpApiModel {
  readonly apiId: string;
  readonly accountId: string;
  /** `<api id>.execute-api.<region>.amazonaws.com`. */
  readonly endpointHost: string;
  readonly endpointDisabled: boolean;
  /** Custom domain in lower case -> stage. */
  readonly domains: ReadonlyMap<string, string>;
  readonly cors: CompiledCors | undefined;
  readonly routes: readonly Route[];
  readonly stages: ReadonlyMap<string, Stage>;
}

/** A stage of an HTTP API. */
export interface Stage {
  readonly name: string;
  /** Access log format with `$context` variables; unset writes no log. */
  readonly logFormat: string | undefined;
  /** Limit of routes without their own; unset means the AWS account's limit only, which is not simulated. */
  readonly defaultLimit: ThrottleLimit | undefined;
  /** By route key. */
  readonly limits: ReadonlyMap<string, ThrottleLimit>;
  /** Stage variables, which functions get in their events; unset when there are none. */
  readonly variables: Readonly<Record<string, string>> | undefined;
}

const apiType = "aws:apigatewayv2/api:Api";

/**
 * Reads the HTTP API of a region, which must have exactly one.
 * @throws {UserError} on a resource, property or combination on the request path that the local gateway does
 *   not support: one sentence with resource, property, what is possible and what was planned
 */
export function readHttpApi(index: GraphIndex, region: string): HttpApiModel {
  const api = onlyApiOf(index, region);
  refuseUnknownProperties(api, [
    "name",
    "description",
    "protocolType",
    "corsConfiguration",
    "disableExecuteApiEndpoint",
    "version",
  ]);
  const apiId: string = api.outputs["id"];
  const routes = readRoutes(index, apiId);
  const keys = new Set(routes.map((route) => route.key));
  const stages = resourcesOfApi(index, "aws:apigatewayv2/stage:Stage", apiId).map((stage) => readStage(stage, keys));
  if (stages.length === 0) unsupported(api, "stages", "at least one aws:apigatewayv2 Stage", 0);
  return {
    apiId,
    accountId: api.outputs["executionArn"].split(":")[4],
    endpointHost: `${apiId}.execute-api.${region}.amazonaws.com`,
    endpointDisabled: api.outputs["disableExecuteApiEndpoint"] === true,
    domains: readDomains(index, apiId, new Set(stages.map((stage) => stage.name))),
    cors: compileCors(api),
    routes,
    stages: new Map(stages.map((stage) => [stage.name, stage])),
  };
}

function onlyApiOf(index: GraphIndex, region: string): PlannedResource {
  const apis = index.where(apiType, { protocolType: "HTTP" }).filter((api) => api.region === region);
  if (apis.length === 1 && apis[0]) return apis[0];
  if (apis[1]) unsupported(apis[1], "region", "a region without another API", region);
  throw new UserError(
    `stack "${index.graph.stack}" has no ${apiType} of the protocol HTTP in ${region}; plan an edge layer there`,
  );
}

function readStage(stage: PlannedResource, routeKeys: ReadonlySet<string>): Stage {
  refuseUnknownProperties(stage, [
    ...["name", "description", "autoDeploy", "accessLogSettings", "defaultRouteSettings", "routeSettings"],
    "stageVariables",
  ]);
  const { name, accessLogSettings, defaultRouteSettings, routeSettings = [], stageVariables } = stage.outputs;
  oneOf(stage, "autoDeploy", [true], stage.outputs["autoDeploy"]);
  const limits = new Map<string, ThrottleLimit>();
  for (const settings of routeSettings) {
    const { routeKey } = settings;
    if (!routeKeys.has(routeKey)) unsupported(stage, "routeSettings.routeKey", "the key of a route", routeKey);
    const limit = readLimit(stage, "routeSettings", settings);
    if (limit) limits.set(routeKey, limit);
  }
  return {
    name,
    logFormat: accessLogSettings?.format,
    defaultLimit: readLimit(stage, "defaultRouteSettings", defaultRouteSettings ?? {}),
    limits,
    variables: stageVariables && Object.keys(stageVariables).length > 0 ? stageVariables : undefined,
  };
}

function readLimit(
  stage: PlannedResource,
  property: string,
  settings: Record<string, unknown>,
): ThrottleLimit | undefined {
  for (const key of ["loggingLevel", "dataTraceEnabled"]) {
    if (settings[key]) unsupported(stage, `${property}.${key}`, "unset, as only WebSocket APIs have it", settings[key]);
  }
  const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = settings;
  if (rate === undefined && burst === undefined) return undefined;
  if (typeof rate === "number" && rate >= 0 && typeof burst === "number" && burst >= 0) return { rate, burst };
  return unsupported(stage, property, "both a rate and a burst limit from 0", settings);
}
