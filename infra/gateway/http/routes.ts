import type { ServiceSpec } from "../../contract/service";

type RouteLists = Pick<ServiceSpec, "routes" | "legacyRoutes" | "workRoutes">;

/** Returns the routes of a service that an HTTP API has; those that a REST API answers itself are not among them. */
export function httpRoutes(service: RouteLists): RouteLists["routes"] {
  return [...service.routes, ...service.legacyRoutes, ...service.workRoutes];
}
