import type { CallSpec } from "../../infra/contract/service";
import type { OutsideCaller } from "../../infra/gateway/private/callers";
import type { PlatformConfig } from "./schema";
import type { ConfiguredService } from "./services";

/** Returns those who may call the private API of a region from another account or VPC. */
export function outsideCallers(
  { gateways }: Pick<PlatformConfig, "gateways">,
  services: readonly Pick<ConfiguredService, "name" | "routes">[],
  region: string,
): OutsideCaller[] {
  return Object.entries(gateways.private.callers ?? {}).flatMap(([name, { role: roleArn, endpoints, routes }]) => {
    const endpointId = endpoints[region];
    if (endpointId === undefined) return [];
    const calls = Object.entries(routes).flatMap(([service, ids]): CallSpec[] => {
      const own = services.find((each) => each.name === service)?.routes ?? [];
      return own.filter(({ id }) => ids.includes(id)).map((route) => ({ service, route }));
    });
    return [{ name, roleArn, endpointId, calls }];
  });
}
