import type { LegacyRouteSpec as LegacyContractRoute, ServiceContract } from "../../apps/kit/contract";
import type { ServiceConfig } from "./schema";

/** Who answers a route: the endpoint outside, the service, or both, with the percent of callers that the service answers. */
export type Answering = "legacy" | "service" | { readonly service: number };

/** Returns who answers a route of `legacyRoutes` in an environment. */
export function answeringOf(
  { id, movable }: LegacyContractRoute,
  { routes = {} }: Pick<ServiceConfig, "routes">,
): Answering {
  return movable ? (routes[id]?.to ?? "legacy") : "legacy";
}

/** Returns the ids of the routes that need the endpoint outside: those that it answers, alone or in part. */
export function routesOutside(
  { legacyRoutes }: Pick<ServiceContract, "legacyRoutes">,
  service: Pick<ServiceConfig, "routes">,
): string[] {
  return legacyRoutes.filter((route) => answeringOf(route, service) !== "service").map(({ id }) => id);
}

/** Returns the ids of the routes that have moved from the endpoint outside to the service alone. */
export function movedRoutes(
  { legacyRoutes }: Pick<ServiceContract, "legacyRoutes">,
  service: Pick<ServiceConfig, "routes">,
): string[] {
  return legacyRoutes.filter((route) => answeringOf(route, service) === "service").map(({ id }) => id);
}

/** Returns the ids of the routes that the service and the endpoint outside share. */
export function sharedRoutes(
  { legacyRoutes }: Pick<ServiceContract, "legacyRoutes">,
  service: Pick<ServiceConfig, "routes">,
): string[] {
  return legacyRoutes.filter((route) => typeof answeringOf(route, service) === "object").map(({ id }) => id);
}

/** Returns the variables that tell a service which routes it shares, and with which endpoint. */
export function shareVariables(
  { legacyRoutes }: Pick<ServiceContract, "legacyRoutes">,
  service: Pick<ServiceConfig, "routes" | "legacyUrl">,
): Record<string, string> {
  return Object.fromEntries(
    legacyRoutes.flatMap((route) => {
      const to = answeringOf(route, service);
      if (typeof to === "string") return [];
      const suffix = route.id.toUpperCase().replaceAll("-", "_");
      return [
        [`LEGACY_URL_${suffix}`, service.legacyUrl!],
        [`SERVICE_PERCENT_${suffix}`, String(to.service)],
      ];
    }),
  );
}

/** Returns the host of the endpoint that a service shares routes with; none when it shares none. */
export function sharedHosts(contract: Pick<ServiceContract, "legacyRoutes">, service: ServiceConfig): string[] {
  return sharedRoutes(contract, service).length > 0 ? [new URL(service.legacyUrl!).hostname] : [];
}
