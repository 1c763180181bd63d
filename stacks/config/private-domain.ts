import type { PlatformConfig } from "./schema";

/** Returns the name of the private API, which services know before it is made. @example "internal.dev.example.com" */
export function privateDomain({ domain, gateways }: Pick<PlatformConfig, "domain" | "gateways">): string {
  return `${gateways.private.name}.${domain.zone}`;
}
