import type { ServiceContract } from "../../apps/kit/contract";
import type { RunSettings } from "../../infra/compute/pattern";
import type { PatternName } from "../../infra/compute/registry";
import type { RouteSpec, ServiceSpec } from "../../infra/contract/service";
import type { PlatformConfig, ServiceConfig } from "./schema";

/** One service as an environment runs it: its contract, its pattern and the pattern's settings. */
export interface ConfiguredService extends ServiceSpec {
  readonly pattern: PatternName;
  readonly settings: RunSettings;
  /** Servers needed at peak load, before the spare for a lost zone, and the most configuration allows. */
  readonly capacity: { readonly peak: number; readonly max: number };
}

/** Joins each service's contract with its configuration, in the order of the catalog. */
export function configuredServices(
  config: PlatformConfig,
  contracts: Readonly<Record<string, ServiceContract>>,
): ConfiguredService[] {
  return Object.values(contracts).map(({ name, port, routes, legacyRoutes, table }) => {
    const service = config.services[name]!;
    const { pattern, ingress, scaling, functions, legacyUrl, routes: changes = {} } = service;
    const { peak, max, size, spotPercent } = service.capacity;
    return {
      name,
      port,
      routes: configured(routes, changes),
      legacyRoutes: configured(legacyRoutes, changes).map((route) => ({ ...route, url: legacyUrl! })),
      table,
      pattern,
      capacity: { peak, max },
      settings: { ingress, size, spotPercent, scaling, functions },
    };
  });
}

/** Returns the routes as the environment wants them: with its limits, and without those it turns off. */
function configured(routes: readonly RouteSpec[], changes: NonNullable<ServiceConfig["routes"]>): RouteSpec[] {
  return routes
    .filter(({ id }) => changes[id]?.enabled !== false)
    .map((route) => ({ ...route, throttle: changes[route.id]?.throttle ?? route.throttle }));
}
