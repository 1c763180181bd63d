import type { ServiceContract } from "../../apps/kit/contract";
import { regionalDomainName } from "../../infra/dns/regional-names";
import { exchangesByPlainName } from "./aws-regions";
import { clientNameProblems } from "./name-rules";
import { type ConfigProblem, formatValue } from "./problems";
import type { PlatformConfig } from "./schema";

/** What live changes are checked against. */
interface LiveContext {
  readonly contracts: Readonly<Record<string, ServiceContract>>;
  readonly domain: PlatformConfig["domain"];
  readonly regions: PlatformConfig["regions"];
  /** Names that lead to something else, and to what. */
  readonly taken: ReadonlyMap<string, string>;
  readonly web: PlatformConfig["web"];
  readonly tenants: PlatformConfig["tenants"];
}

/**
 * Returns the problems of live changes: a service publishes some, there are no tenants, the topics of one region may send
 * to the queue of the other, and the name lies in the zone and leads to nothing else.
 */
export function* liveProblems(
  { domain: name }: NonNullable<PlatformConfig["live"]>,
  { contracts, domain: { zone }, regions, taken, web, tenants }: LiveContext,
): Iterable<ConfigProblem> {
  if (!Object.values(contracts).some(({ publishes }) => publishes)) {
    yield {
      path: "live",
      text: "must not be set while no service publishes changes; remove it, or set publishes in a contract",
    };
  }
  if (tenants !== undefined) {
    yield {
      path: "live",
      text: "must not be set with platform:tenants: a connection has no tenant, so that who is in none, or in one that is suspended, would see changes that the REST API refuses; remove one of them",
    };
  }
  const byOwnName = regions.length < 2 ? undefined : regions.find((region) => !exchangesByPlainName(region.name));
  if (byOwnName !== undefined) {
    yield {
      path: "live",
      text: `must not be set with two regions of which SNS delivers under a name of its own, got ${formatValue(byOwnName.name)}: the other region's queue and key do not admit it, and changes would be lost without an error; remove it, or choose a region that every account has`,
    };
  }
  const path = "live.domain";
  const example = `live.${zone}`;
  yield* clientNameProblems({ path, name, example }, zone, regions);
  const owners = new Map([...taken, ...(web ? [[web.domain, "the web app"] as const] : [])]);
  const names = [name, ...regions.map((region) => regionalDomainName(name, region.name))];
  const found = names.find((each) => owners.has(each));
  if (found !== undefined) {
    yield {
      path,
      text: `must be a name of its own, got ${formatValue(found)}, which ${owners.get(found)} has; try "${example}"`,
    };
  }
}
