import type * as pulumi from "@pulumi/pulumi";
import type { CallSpec, ServiceSpec } from "../../contract/service";

/** A service that calls others, with the role that its code runs as. */
export interface Caller {
  readonly name: string;
  readonly calls: readonly CallSpec[];
  readonly roleName: pulumi.Input<string>;
  readonly roleArn: pulumi.Input<string>;
}

/** One who calls from another account or VPC, with a role and an endpoint of its own. */
export interface OutsideCaller {
  readonly name: string;
  readonly calls: readonly CallSpec[];
  readonly roleArn: string;
  /** Its VPC endpoint in the region of the API. */
  readonly endpointId: string;
}

/**
 * Returns the services that others call, with the called routes only, in the order of `services`.
 * @param outside  those who are no services
 */
export function calledServices<Service extends ServiceSpec>(
  services: readonly Service[],
  outside: readonly OutsideCaller[] = [],
): Service[] {
  const calls = [...services, ...outside].flatMap((each) => each.calls);
  return services.flatMap((service) => {
    const ids = new Set(calls.filter((call) => call.service === service.name).map(({ route }) => route.id));
    if (ids.size === 0) return [];
    const routes = service.routes.filter(({ id }) => ids.has(id));
    return [{ ...service, routes, legacyRoutes: [], gatewayRoutes: [], workRoutes: [] }];
  });
}
