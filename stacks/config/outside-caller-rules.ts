import type { ServiceContract } from "../../apps/kit/contract";
import { offeredRoutes } from "./call-rules";
import { leavesOut } from "./left-out";
import { type ConfigProblem, formatValue } from "./problems";
import type { PlatformConfig } from "./schema";

type Problems = Iterable<ConfigProblem>;
type Callers = NonNullable<PlatformConfig["gateways"]["private"]["callers"]>;

/** What callers are checked against; a part is undefined when it has a problem of its own. */
interface CallerContext {
  readonly contracts: Readonly<Record<string, ServiceContract>>;
  readonly services: PlatformConfig["services"];
  readonly regions: PlatformConfig["regions"] | undefined;
  readonly leaveOut: PlatformConfig["leaveOut"];
}

/** Returns the problems of the callers from other accounts and VPCs. */
export function* outsideCallerProblems(callers: Callers, context: CallerContext): Problems {
  const { contracts, services, regions } = context;
  const at = "gateways.private.callers";
  const entries = Object.entries(callers);
  if (entries.length > 0 && Object.values(contracts).every(({ calls }) => Object.keys(calls).length === 0)) {
    yield {
      path: at,
      text: "needs a service that calls another, as there is no private API without one; remove it, or let a service call",
    };
  }
  if (entries.length > 0 && leavesOut(context, "private")) {
    yield { path: at, text: "needs the private API, which leaveOut leaves out; remove it, or private from leaveOut" };
  }
  for (const [i, [name, { role, endpoints, routes }]] of entries.entries()) {
    const path = `${at}.${name}`;
    if (!/^[a-z](-?[a-z0-9]){0,30}$/.test(name)) {
      yield {
        path,
        text: `must be 1-31 lower-case letters, digits and single inner hyphens, a letter first, got ${formatValue(name)}; rename it`,
      };
    }
    const same = entries.slice(0, i).find(([, each]) => each.role === role);
    if (same !== undefined) {
      yield {
        path: `${path}.role`,
        text: `must be a role of its own, got ${formatValue(role)}, which ${same[0]} has; join them`,
      };
    }
    const known = regions?.map((region) => region.name);
    for (const region of Object.keys(endpoints).filter((each) => known?.includes(each) === false)) {
      yield {
        path: `${path}.endpoints.${region}`,
        text: `must be of a region of the environment (${known!.join(", ")}), got ${formatValue(region)}; remove it`,
      };
    }
    yield* routeProblems(`${path}.routes`, routes, contracts, services);
  }
}

function* routeProblems(
  path: string,
  routes: Callers[string]["routes"],
  contracts: CallerContext["contracts"],
  services: CallerContext["services"],
): Problems {
  for (const [service, ids] of Object.entries(routes)) {
    if (!Object.hasOwn(contracts, service)) {
      yield {
        path: `${path}.${service}`,
        text: `must be of services (${Object.keys(contracts).join(", ")}), got ${formatValue(service)}; correct it`,
      };
      continue;
    }
    const offered = offeredRoutes(contracts[service]!, services[service])
      .map(({ id }) => id)
      .filter((id) => services[service]?.routes?.[id]?.enabled !== false);
    for (const id of ids.filter((each) => !offered.includes(each))) {
      yield {
        path: `${path}.${service}`,
        text: `must be routes that the service answers in one piece (${offered.join(", ")}), got ${formatValue(id)}; correct it`,
      };
    }
  }
}
