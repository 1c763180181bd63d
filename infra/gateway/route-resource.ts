import type { RouteSpec } from "../contract/service";

/**
 * Returns the resource of a route below the stage of an API, as IAM and permissions of functions name it: every parameter of
 * the path is any text.
 * @example routeResource({ method: "GET", path: "/food-store/foods/{id}" }) // "GET/food-store/foods/*"
 */
export function routeResource({ method, path }: Pick<RouteSpec, "method" | "path">): string {
  return `${method}${path.replace(/\{[^}]+\}/g, "*")}`;
}
