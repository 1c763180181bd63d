import type { RouteSpec, ServiceSpec } from "../../contract/service";

/** The routes of a service, by what answers them. */
export type RestRoutes = Pick<ServiceSpec, "routes" | "legacyRoutes" | "gatewayRoutes" | "workRoutes">;

/** Returns all routes that a service has on a REST API: those of its servers, of endpoints outside, and of the API itself. */
export function restRoutes(service: RestRoutes): readonly RouteSpec[] {
  return [...service.routes, ...service.legacyRoutes, ...service.gatewayRoutes, ...service.workRoutes];
}
