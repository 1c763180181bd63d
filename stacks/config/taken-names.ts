import { regionalDomainName } from "../../infra/dns/regional-names";
import { privateDomain } from "./private-domain";
import type { PlatformConfig } from "./schema";

/** The parts of a configuration that make names; a part is missing when it has a problem of its own. */
type NamingParts = Partial<Pick<PlatformConfig, "domain" | "gateways" | "regions" | "services" | "signIn">>;

/**
 * Returns the names in the zone that lead to something, each with what that is: gateways and their regions, services,
 * sign-in.
 */
export function takenNames({
  domain,
  gateways,
  regions = [],
  services = {},
  signIn,
}: NamingParts): Map<string, string> {
  const own = Object.entries(services).flatMap(([service, { failoverName }]) => pair(failoverName, service));
  const apis = [...pair(domain?.api, "the HTTP API"), ...pair(gateways?.rest?.domain, "the REST API")];
  const regional = apis.flatMap(([name, owner]) =>
    regions.flatMap((region) => pair(regionalDomainName(name, region.name), owner)),
  );
  const inner = domain && gateways ? pair(privateDomain({ domain, gateways }), "the private API") : [];
  return new Map([...own, ...apis, ...regional, ...inner, ...pair(signIn?.domain, "the sign-in page")]);
}

function pair(name: string | undefined, owner: string): [name: string, owner: string][] {
  return name === undefined ? [] : [[name, owner]];
}
