import { clientNameProblems } from "./name-rules";
import { type ConfigProblem, formatValue } from "./problems";
import type { PlatformConfig } from "./schema";
import { takenNames } from "./taken-names";

type Problems = Iterable<ConfigProblem>;

/** The parts of a configuration that decide on failover; a part is undefined when it has a problem of its own. */
interface FailoverParts {
  readonly failover?: PlatformConfig["failover"];
  readonly gateways?: PlatformConfig["gateways"];
  readonly domain?: PlatformConfig["domain"];
  readonly regions?: PlatformConfig["regions"];
  readonly services: PlatformConfig["services"];
}

/** Returns the problems of what moves names to the other region, and of the names that services have of their own. */
export function* failoverProblems(parts: FailoverParts): Problems {
  yield* criticalProblems(parts);
  yield* nameProblems(parts);
}

/** Checks that each gateway has as many critical services as must be healthy. */
function* criticalProblems({ failover, gateways, services, regions = [] }: FailoverParts): Problems {
  if (gateways === undefined || regions.length < 2) return;
  for (const [gateway, named] of Object.entries({ http: gateways.http.services, rest: gateways.rest?.services })) {
    const known = named?.filter((name) => Object.hasOwn(services, name)) ?? [];
    // A service that has a problem itself may be the critical one.
    if (named === undefined || known.length < named.length) continue;
    const critical = known.filter((name) => services[name]!.critical);
    if (critical.length === 0) {
      yield {
        path: `gateways.${gateway}.services`,
        text: `must have a service that is critical, or nothing would move the gateway's name, got ${formatValue(named)}; set critical of one to true`,
      };
    } else if (failover?.atLeast !== undefined && failover.atLeast > critical.length) {
      yield {
        path: "failover.atLeast",
        text: `must be at most ${critical.length}, the critical services of the gateway ${gateway} (${critical.join(", ")}), got ${failover.atLeast}; lower it`,
      };
    }
  }
}

/** Checks that the names of services are names of their own, inside the zone. */
function* nameProblems({ services, domain, gateways, regions = [] }: FailoverParts): Problems {
  if (domain === undefined) return;
  const taken = takenNames({ domain, regions, ...(gateways && { gateways }) });
  for (const [service, { failoverName: name }] of Object.entries(services)) {
    if (name === undefined) continue;
    const path = `services.${service}.failoverName`;
    const owner = taken.get(name);
    if (owner !== undefined) {
      yield { path, text: `must be a name of its own, got ${formatValue(name)}, which ${owner} has; rename it` };
    }
    taken.set(name, owner ?? service);
    if (gateways && !gateways.http.services.includes(service) && !gateways.rest?.services.includes(service)) {
      yield { path, text: `must be unset for a service that no gateway leads to, got ${formatValue(name)}; remove it` };
    }
    // No region's name is made below it; the rule of names that clients call covers it all the same.
    yield* clientNameProblems({ path, name, example: `${service}.${domain.zone}` }, domain.zone, []);
  }
}
