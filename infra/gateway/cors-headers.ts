import type { RouteSpec } from "../contract/service";

/**
 * Returns the headers that requests of browsers may carry: the platform's, and those that clients of an existing gateway send
 * in place of them.
 */
export function allowedHeaders(routes: readonly Pick<RouteSpec, "former">[]): string[] {
  const former = routes.flatMap((route) => route.former?.headers ?? []);
  return [...new Set(["authorization", "content-type", "idempotency-key", "session-id", ...former])];
}
