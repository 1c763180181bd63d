import type { RouteSpec } from "../../../contract/service";
import { isHealthRoute } from "../authorizer";

/**
 * Returns the table of routes that the tenants' authorizer has in its variable ROUTES: routes by the scope that opens
 * them, `""` for those that need no scope. The health routes are not in it, as they need no token.
 * @example routesByScope(routes) // { "": ["GET /a/{id}"], "a/write": ["PUT /a/{id}"] }
 */
export function routesByScope(
  routes: readonly Pick<RouteSpec, "id" | "method" | "path" | "scopes">[],
): Readonly<Record<string, readonly string[]>> {
  const table: Record<string, string[]> = {};
  for (const route of routes.filter((each) => !isHealthRoute(each))) {
    for (const scope of route.scopes.length === 0 ? [""] : route.scopes) {
      table[scope] = [...(table[scope] ?? []), `${route.method} ${route.path}`];
    }
  }
  return table;
}
