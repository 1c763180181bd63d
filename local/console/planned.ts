import type { GraphIndex, PlannedResource } from "../../graph/model";
import type { UsagePlans } from "../apigateway/rest/usage-plans";

/** A resource in the plan's tree. */
export interface PlanRow {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly region?: string | undefined;
  readonly parent?: string | undefined;
}

/** A resource with its inputs, secrets hidden. */
export interface PlanResource extends PlanRow {
  readonly inputs: PlannedResource["inputs"];
  readonly dependencies: readonly string[];
}

/** A route of an HTTP API that may be tried. */
export interface PlanRoute {
  readonly method: string;
  readonly path: string;
  readonly scopes: readonly string[];
  readonly open: boolean;
}

/** Limits of a region: of routes, and of the keys of tenants. */
export interface RegionLimits {
  readonly region: string;
  readonly routes: readonly { readonly route: string; readonly rate: number; readonly burst: number }[];
  readonly plans: readonly {
    readonly name: string;
    readonly rate: number | undefined;
    readonly burst: number | undefined;
    readonly quota: string | undefined;
    readonly keys: readonly { readonly id: string; readonly enabled: boolean; readonly used: number | undefined }[];
  }[];
}

/** Returns every resource, without its inputs. */
export function planRows({ graph }: GraphIndex): PlanRow[] {
  return graph.resources.map(rowOf);
}

/** Returns a resource by its URN. */
export function planResource(index: GraphIndex, urn: string): PlanResource | undefined {
  const found = index.urn(urn);
  return found && { ...rowOf(found), inputs: found.inputs, dependencies: found.dependencies };
}

/** Returns the routes of the HTTP APIs, once for all regions. */
export function planRoutes(index: GraphIndex): PlanRoute[] {
  const routes = index.ofType("aws:apigatewayv2/route:Route").map(({ outputs }): [string, PlanRoute] => {
    const [method = "", path = ""] = String(outputs["routeKey"]).split(" ");
    const open = (outputs["authorizationType"] ?? "NONE") === "NONE";
    return [outputs["routeKey"], { method, path, open, scopes: outputs["authorizationScopes"] ?? [] }];
  });
  return [...new Map(routes.filter(([, { path }]) => path !== ""))]
    .map(([, route]) => route)
    .sort((a, b) => (a.path + a.method < b.path + b.method ? -1 : 1));
}

/** Returns the limits of each region. @param running  the keys of each region's REST APIs */
export function planLimits(index: GraphIndex, running: ReadonlyMap<string, UsagePlans>): RegionLimits[] {
  const stages = index.ofType("aws:apigatewayv2/stage:Stage");
  const regions = [...new Set(stages.map(({ region }) => region!))];
  return regions.map((region) => ({
    region,
    routes: stages
      .filter((stage) => stage.region === region)
      .flatMap(({ outputs }) => outputs["routeSettings"] ?? [])
      .map((each) => ({ route: each.routeKey, rate: each.throttlingRateLimit, burst: each.throttlingBurstLimit })),
    plans: (running.get(region)?.plans ?? []).map(({ id, limit, quota }) => ({
      name: index.where("aws:apigateway/usagePlan:UsagePlan", { id })[0]?.outputs["name"] ?? id,
      ...{ rate: limit?.rate, burst: limit?.burst },
      quota: quota && `${quota.limit} a ${quota.period.toLowerCase()}`,
      keys: running.get(region)!.keysOf(id),
    })),
  }));
}

function rowOf({ urn, type, name, region, parent }: PlannedResource): PlanRow {
  return { urn, type, name, region, parent };
}
