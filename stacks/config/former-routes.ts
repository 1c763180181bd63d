import type { RouteSpec } from "../../infra/contract/service";
import type { PlatformConfig, ServiceConfig } from "./schema";

type Headers = PlatformConfig["formerHeaders"];
type Changes = NonNullable<ServiceConfig["routes"]>;

/** Returns the routes, and after them those that lead to one of them from a path that clients of an existing gateway know. */
export function withFormer<Route extends RouteSpec>(
  routes: readonly Route[],
  changes: Changes,
  headers: Headers = {},
): Route[] {
  const { authorization: tokenHeader } = headers;
  const former = routes.flatMap((route) => {
    const path = changes[route.id]?.formerPath;
    if (path === undefined) return [];
    const own = { of: route.id, ...(tokenHeader ? { tokenHeader } : {}), headers: Object.values(headers) };
    return [{ ...route, id: `${route.id}-former`, path, former: own }];
  });
  return [...routes, ...former];
}

/** Returns the variables that tell a service its former paths, and the header of their idempotency keys. */
export function formerVariables(changes: Changes, headers: Headers = {}): Record<string, string> {
  const paths = Object.entries(changes).flatMap(([id, { formerPath, enabled }]) =>
    formerPath === undefined || enabled === false
      ? []
      : [[`FORMER_PATH_${id.toUpperCase().replaceAll("-", "_")}`, formerPath]],
  );
  const { "idempotency-key": keyHeader } = headers;
  return {
    ...Object.fromEntries(paths),
    ...(paths.length > 0 && keyHeader ? { FORMER_KEY_HEADER: keyHeader } : {}),
  };
}
