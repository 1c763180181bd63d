import type { RouteSpec } from "../../contract/service";

/** Returns the variables that tell an authorizer which routes have their token in another header; none without such routes. */
export function formerVariables(
  routes: readonly Pick<RouteSpec, "method" | "path" | "former">[],
): Readonly<Record<string, string>> {
  const former = routes.filter((route) => route.former?.tokenHeader !== undefined);
  const [first] = former;
  if (first === undefined) return {};
  return {
    FORMER_TOKEN_HEADER: first.former!.tokenHeader!,
    FORMER_ROUTES: JSON.stringify(former.map(({ method, path }) => `${method} ${path}`)),
  };
}
