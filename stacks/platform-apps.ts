import { computePatterns } from "../infra/compute/registry";
import type { PlatformConfig } from "./config/schema";
import type { ConfiguredService } from "./config/services";
import { liveApp } from "./live-changes";
import type { Layer } from "./stack-name";

/** Folder of the function that tells tenants how much of their quota is used. */
export const usageApp = "tenant-usage";

/**
 * Returns the services of a REST API, public or private, whose servers are in Cloud Map, which it reaches through the
 * forwarder.
 */
export function forwardedServices(services: readonly ConfiguredService[]): ConfiguredService[] {
  const called = new Set(services.flatMap(({ calls }) => calls.map(({ service }) => service)));
  return services.filter(
    ({ name, gateways, pattern, settings }) =>
      (gateways.rest || called.has(name)) && computePatterns[pattern].backendKind(settings) === "discovery",
  );
}

/** Tells whether the user pool asks functions of the platform. */
export function hasTriggers({ tenants, signIn }: Pick<PlatformConfig, "tenants" | "signIn">): boolean {
  const { groups, signUp, product, codeByMail, recordSignIns, regions } = signIn;
  const { group, domains, disposable } = signUp;
  const needed = [groups, tenants, group, product].some((each) => each !== undefined);
  return needed || regions === "each" || codeByMail || recordSignIns || domains.length > 0 || disposable === "refused";
}

/**
 * Returns the names of the apps that are the platform's own functions, which the configuration needs in the layers that
 * a stack owns.
 */
export function platformApps(
  { tenants, signIn, issuers, live }: Pick<PlatformConfig, "tenants" | "signIn" | "issuers" | "live">,
  services: readonly ConfiguredService[],
  owns: (layer: Layer) => boolean,
): string[] {
  return [
    ...(hasTriggers({ tenants, signIn }) && owns("identity") ? ["identity-triggers"] : []),
    ...(((tenants ?? issuers) !== undefined || signIn.regions === "each") && owns("edge") ? ["authorizer"] : []),
    ...(owns("edge") && forwardedServices(services).length > 0 ? ["forwarder"] : []),
    ...(owns("edge") ? ["reference"] : []),
    ...(tenants !== undefined && owns("edge") ? [usageApp] : []),
    ...(live !== undefined && owns("edge") ? [liveApp] : []),
  ];
}
