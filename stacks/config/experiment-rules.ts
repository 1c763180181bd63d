import { computePatterns } from "../../infra/compute/registry";
import { type ConfigProblem, formatValue } from "./problems";
import type { PlatformConfig } from "./schema";

/** The parts of a configuration that experiments break; a part is undefined when it has a problem of its own. */
interface ExperimentContext {
  readonly services: PlatformConfig["services"];
  readonly regions?: PlatformConfig["regions"] | undefined;
  readonly gateways?: PlatformConfig["gateways"] | undefined;
  readonly failover?: PlatformConfig["failover"] | undefined;
}

/** Returns the problems of experiments: each kind must have something to break, and something that takes over. */
export function* experimentProblems(
  { instance, zone, dependency, region }: NonNullable<PlatformConfig["experiments"]>,
  context: ExperimentContext,
): Iterable<ConfigProblem> {
  const { services, regions } = context;
  const served = Object.values(services).some(({ pattern }) => "servers" in computePatterns[pattern]);
  for (const [kind, on] of Object.entries({ instance, zone })) {
    if (on && !served) {
      yield {
        path: `experiments.${kind}`,
        text: "must not be true while every service is a function, which has no server and is in no zone that could be lost; remove it, or run a service under another pattern",
      };
    }
  }
  const unnoticed = functionsThatKeepTheName(context);
  for (const [kind, on] of Object.entries({ dependency, region })) {
    const path = `experiments.${kind}`;
    if (on && regions?.length === 1) {
      yield {
        path,
        text: "must not be true with one region, as no other takes over what it breaks, and no alarm could tell it from more; remove it, or add a region",
      };
    } else if (on && unnoticed !== undefined) {
      yield {
        path,
        text: `must not be true while so many critical services are functions that the name would not move, as those do not notice it, got ${formatValue(unnoticed)}; remove it, raise failover.atLeast, or run one of them under another pattern`,
      };
    }
  }
}

/**
 * Returns the critical services of the HTTP API that are functions, where they are as many as must be healthy for the region
 * to be: the region would then be healthy without a single server.
 */
function functionsThatKeepTheName({ services, gateways, failover }: ExperimentContext): string[] | undefined {
  const named = gateways?.http.services.filter((name) => Object.hasOwn(services, name)) ?? [];
  const critical = named.filter((name) => services[name]!.critical);
  const functions = critical.filter((name) => !("servers" in computePatterns[services[name]!.pattern]));
  return critical.length > 0 && functions.length >= (failover?.atLeast ?? critical.length) ? functions : undefined;
}
