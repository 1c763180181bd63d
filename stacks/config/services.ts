import type { ServiceContract } from "../../apps/kit/contract";
import { NO_PRIVATE_API } from "../../apps/kit/settings";
import type { OutsideImage } from "../../infra/compute/ecs/program";
import type { RunSettings } from "../../infra/compute/pattern";
import type { PatternName } from "../../infra/compute/registry";
import type { RouteSpec, ServiceSpec } from "../../infra/contract/service";
import { formerVariables, withFormer } from "./former-routes";
import { leavesOut } from "./left-out";
import { answeringOf, sharedHosts, shareVariables } from "./legacy-routes";
import { outsideImageOf } from "./outside-images";
import type { PlatformConfig, ServiceConfig } from "./schema";

/** What a service that calls others is told where there is no private API. */
const noCalls = { PRIVATE_API_URL: NO_PRIVATE_API };

/** A service as an environment runs it: its contract, its pattern and the settings of the pattern. */
export interface ConfiguredService extends ServiceSpec {
  readonly pattern: PatternName;
  /** Gateways that lead to the service. */
  readonly gateways: { readonly http: boolean; readonly rest: boolean };
  /** Whether the names of its gateways move to the other region when it is ill in its own. */
  readonly critical: boolean;
  /** Name of its own that moves by its health alone. @default none */
  readonly failoverName?: string;
  /** The image from outside that it runs. @default none: code in apps/ */
  readonly image?: OutsideImage;
  readonly settings: RunSettings;
  /** Number of servers: needed at peak load (without the reserve for a lost zone), and allowed at most. */
  readonly capacity: { readonly peak: number; readonly max: number };
}

/**
 * Joins the contract of each service with its configuration.
 * @returns one entry per contract, in the order of `contracts`
 */
export function configuredServices(
  config: PlatformConfig,
  contracts: Readonly<Record<string, ServiceContract>>,
): ConfiguredService[] {
  const { http, rest } = config.gateways;
  const routesOf = (name: string) => {
    const service = config.services[name]!;
    return configuredRoutes(ownRoutes(contracts[name]!, service), service.routes ?? {});
  };
  return Object.values(contracts).map((contract) => {
    const { name, port, legacyRoutes, gatewayRoutes, workRoutes, table, needs, calls, publishes, consumes } = contract;
    const service = config.services[name]!;
    const image = outsideImageOf(service);
    const { pattern, legacyUrl, critical, failoverName, routes: changes = {} } = service;
    const { peak, max } = service.capacity;
    const shaped = <Route extends RouteSpec>(route: Route): Route => ({
      ...route,
      ...(rest?.services.includes(name) ? contract.requestShapes()[route.id] : {}),
    });
    const former = <Route extends RouteSpec>(routes: readonly Route[]) =>
      withFormer(routes, changes, config.formerHeaders);
    return {
      name,
      port,
      routes: former(routesOf(name).map(shaped)),
      legacyRoutes: former(
        configuredRoutes(legacyRoutes, changes)
          .filter((route) => answeringOf(route, service) === "legacy")
          .map(({ movable: _, ...route }) => ({ ...route, url: legacyUrl! })),
      ),
      gatewayRoutes: former(configuredRoutes(gatewayRoutes, changes)),
      workRoutes: configuredRoutes(workRoutes, changes).map(shaped),
      table,
      needs: {
        ...needs,
        egress: [...new Set([...needs.egress, ...sharedHosts(contract, service)])],
        variables: {
          ...needs.variables,
          ...service.variables,
          ...shareVariables(contract, service),
          ...formerVariables(changes, config.formerHeaders),
          ...(callsLeftOut(config, contract) && noCalls),
        },
      },
      calls: Object.entries(callsLeftOut(config, contract) ? {} : calls).flatMap(([callee, ids]) =>
        routesOf(callee)
          .filter(({ id }) => ids.includes(id))
          .map((route) => ({ service: callee, route })),
      ),
      publishes,
      consumes,
      pattern,
      gateways: { http: http.services.includes(name), rest: rest?.services.includes(name) ?? false },
      critical,
      ...(failoverName === undefined ? {} : { failoverName }),
      ...(image && { image }),
      capacity: { peak, max },
      settings: runSettings(service),
    };
  });
}

/** Returns the routes that a service answers: its own, and those that are moved to it, wholly or in part. */
function ownRoutes({ routes, legacyRoutes }: ServiceContract, service: ServiceConfig) {
  const moved = legacyRoutes.filter((route) => answeringOf(route, service) !== "legacy");
  return [...routes, ...moved.map(({ movable: _, parameters: __, ...route }) => route)];
}

/** Tells whether the environment leaves out the private API, by which a service calls others. */
export function callsLeftOut(config: PlatformConfig, { calls }: Pick<ServiceContract, "calls">): boolean {
  return leavesOut(config, "private") && Object.keys(calls).length > 0;
}

/** Tells whether any service calls another, for which a region has a private API. */
export function callsAnother(services: readonly Pick<ServiceSpec, "calls">[]): boolean {
  return services.some(({ calls }) => calls.length > 0);
}

/** Returns the settings of every pattern; the keys of a pattern stand under its name in configuration. */
function runSettings({ capacity, scaling, ecs, ec2, lambda }: ServiceConfig): RunSettings {
  const { ingress, spotPercent, memoryPercent } = ecs;
  return {
    ingress,
    size: capacity.size,
    spotPercent,
    scaling: { ...scaling, memoryPercent, ...ec2 },
    functions: lambda,
  };
}

/** Returns the routes with the throttles of the environment, and without the routes that the environment turns off. */
function configuredRoutes<Route extends RouteSpec>(
  routes: readonly Route[],
  changes: NonNullable<ServiceConfig["routes"]>,
): Route[] {
  return routes
    .filter(({ id }) => changes[id]?.enabled !== false)
    .map((route) => ({ ...route, throttle: changes[route.id]?.throttle ?? route.throttle }));
}
