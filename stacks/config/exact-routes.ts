import type { RouteDefinitions } from "../../apps/kit/definition";
import type { PlatformConfig } from "./schema";

/**
 * Returns the routes of an environment's services that claim idempotency keys in one region for all.
 * @param contracts  by service
 * @example ["POST /shipping/shipments"]
 */
export function exactRoutesOf(
  { services }: Pick<PlatformConfig, "services">,
  contracts: Readonly<Record<string, { readonly definitions: RouteDefinitions }>>,
): readonly string[] {
  return Object.entries(services).flatMap(([name, { routes = {} }]) =>
    Object.entries(contracts[name]?.definitions ?? {})
      .filter(([id, { idempotency }]) => idempotency?.exact === true && routes[id]?.enabled !== false)
      .map(([, { method, path }]) => `${method} ${path}`),
  );
}
