import type { PlatformConfig } from "./config/schema";
import type { Layer } from "./stack-name";

/**
 * Returns the names of the apps that are the platform's own functions, which the configuration needs in the layers that
 * a stack owns.
 */
export function platformApps({ tenants }: Pick<PlatformConfig, "tenants">, owns: (layer: Layer) => boolean): string[] {
  if (tenants === undefined) return [];
  return [...(owns("identity") ? ["identity-triggers"] : []), ...(owns("edge") ? ["authorizer"] : [])];
}
