import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { unsupported } from "../../unsupported";
import { refuseUnknownProperties } from "../planned";
import type { ThrottleLimit } from "../throttle";

/** A stage of a REST API. */
export interface RestStage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>> | undefined;
  /** Access log format with `$context` variables; unset writes no log. */
  readonly logFormat: string | undefined;
  readonly cacheEnabled: boolean;
  readonly canary: Canary | undefined;
  /** By `<path> <method>`; `*` has what applies to all methods. */
  readonly settings: ReadonlyMap<string, MethodSettings>;
}

/** A part of a stage's requests that gets other stage variables. */
interface Canary {
  readonly percentTraffic: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** Settings of one method, or of all methods, of a stage. */
export interface MethodSettings {
  readonly limit: ThrottleLimit | undefined;
  readonly caching: boolean | undefined;
  readonly cacheSeconds: number | undefined;
  readonly cacheControlNeedsPermission: boolean | undefined;
  readonly refusedCacheControl: "FAIL_WITH_403" | "SUCCEED_WITH_RESPONSE_HEADER" | "SUCCEED_WITHOUT_RESPONSE_HEADER";
}

const stageProperties = [
  ...["restApi", "stageName", "deployment", "description", "variables", "accessLogSettings", "xrayTracingEnabled"],
  ...["cacheClusterEnabled", "cacheClusterSize", "canarySettings", "documentationVersion"],
];

/**
 * Reads the stages of a REST API with the settings of their methods.
 * @throws {UserError} on what the local gateway does not run
 */
export function readRestStages(index: GraphIndex, apiId: string): ReadonlyMap<string, RestStage> {
  const stages = index.where("aws:apigateway/stage:Stage", { restApi: apiId });
  return new Map(stages.map((stage) => [stage.outputs["stageName"], readStage(index, apiId, stage)]));
}

function readStage(index: GraphIndex, apiId: string, stage: PlannedResource): RestStage {
  refuseUnknownProperties(stage, stageProperties);
  const {
    stageName: name,
    deployment,
    variables,
    accessLogSettings,
    cacheClusterEnabled,
    canarySettings,
  } = stage.outputs;
  const settings = index.where("aws:apigateway/methodSettings:MethodSettings", { restApi: apiId, stageName: name });
  return {
    name,
    deploymentId: deployment,
    variables: variables && Object.keys(variables).length > 0 ? variables : undefined,
    logFormat: accessLogSettings?.format,
    cacheEnabled: cacheClusterEnabled === true,
    canary: canarySettings && {
      percentTraffic: canarySettings.percentTraffic ?? 0,
      variables: canarySettings.stageVariableOverrides ?? {},
    },
    settings: new Map(settings.map((each) => [settingsKey(each), readSettings(each)])),
  };
}

/** The provider's paths are `*&#47;*`, or a path without its first slash and a method. */
function settingsKey(resource: PlannedResource): string {
  const path = String(resource.outputs["methodPath"]);
  if (path === "*/*") return "*";
  const slash = path.lastIndexOf("/");
  if (slash < 0) unsupported(resource, "methodPath", "*/*, or a path and a method", path);
  return `/${path.slice(0, slash).replace(/^\//, "")} ${path.slice(slash + 1)}`;
}

function readSettings({ outputs }: PlannedResource): MethodSettings {
  const {
    throttlingRateLimit: rate = -1,
    throttlingBurstLimit: burst = -1,
    cachingEnabled: caching,
    cacheTtlInSeconds: cacheSeconds,
    requireAuthorizationForCacheControl: cacheControlNeedsPermission,
    unauthorizedCacheControlHeaderStrategy: refusedCacheControl = "SUCCEED_WITH_RESPONSE_HEADER",
  } = outputs["settings"] ?? {};
  // -1 turns a limit off.
  const limit = rate < 0 && burst < 0 ? undefined : { rate: Math.max(0, rate), burst: Math.max(0, burst) };
  return { limit, caching, cacheSeconds, cacheControlNeedsPermission, refusedCacheControl };
}

/** Returns the settings of a method: its own where it has some, else those of all methods. */
export function settingsOfMethod(stage: RestStage, path: string, method: string): MethodSettings | undefined {
  return stage.settings.get(`${path} ${method}`) ?? stage.settings.get("*");
}
