import type { RouteSpec, ServiceSpec } from "../../contract/service";

/** Returns all routes that a service has on a REST API: those of its servers, of endpoints outside, and of the API itself. */
export function restRoutes(
  service: Pick<ServiceSpec, "routes" | "legacyRoutes" | "gatewayRoutes">,
): readonly RouteSpec[] {
  return [...service.routes, ...service.legacyRoutes, ...service.gatewayRoutes];
}
