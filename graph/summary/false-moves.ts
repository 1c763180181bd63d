import { type Graph, GraphIndex } from "../model";

/** A name that Route 53 moves between regions, and what moves it. */
interface MovedName {
  /** @example "api.example.com" */
  readonly name: string;
  /** Services whose checks decide. */
  readonly services: number;
  /** How many of them must be healthy, at least, for the name to stay. */
  readonly atLeast: number;
}

const hoursPerYear = 8_766;

/**
 * Returns the part of the time in which fewer than `atLeast` of some services are healthy, when each is healthy for the same
 * part of the time and each is ill on its own: the sum of C(n, i) a^i (1 - a)^(n - i) over all i below `atLeast`. A region
 * that is well itself has no traffic for so long.
 * @param services  n
 * @param availability  a, 0-1
 * @example falseMoveChance(4, 4, 0.999) // 0.003994: 1 - 0.999^4
 */
export function falseMoveChance(services: number, atLeast: number, availability: number): number {
  let chance = 0;
  let combinations = 1;
  for (let healthy = 0; healthy < atLeast; healthy++) {
    chance += combinations * availability ** healthy * (1 - availability) ** (services - healthy);
    combinations = (combinations * (services - healthy)) / (healthy + 1);
  }
  return chance;
}

/** Returns the names that move between regions by health checks, in the order of names. */
export function movedNames(graph: Graph): MovedName[] {
  const index = new GraphIndex(graph);
  const names = new Map<string, MovedName>();
  for (const { outputs } of index.ofType("aws:route53/record:Record")) {
    if (!outputs["failoverRoutingPolicies"]?.length || outputs["healthCheckId"] === undefined) continue;
    const check = index.where("aws:route53/healthCheck:HealthCheck", { id: outputs["healthCheckId"] })[0]?.outputs;
    const children: unknown[] | undefined = check?.["childHealthchecks"];
    const services = children?.length ?? 1;
    names.set(outputs["name"], {
      name: outputs["name"],
      services,
      atLeast: children === undefined ? 1 : (check?.["childHealthThreshold"] ?? services),
    });
  }
  return [...names.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Writes what moves each name to the other region, and for how much of the time services that are ill by themselves would
 * do that, now and with twice and four times as many services.
 * @param percent  of the time that each service is healthy: what the environment promises of it
 */
export function renderFalseMoves(graph: Graph, percent: number): string[] {
  const names = movedNames(graph);
  if (names.length === 0) return [];
  return [
    `moves to the other region, and part of the time it is moved by services that are ill ${shown(100 - percent)} % of it by themselves:`,
    ...names.map((moved) => `  ${moved.name} ${when(moved)}: ${chances(moved, percent / 100)}`),
    `  the sum over i < k of C(n, i) a^i (1 - a)^(n - i), where k of n must be healthy and a = ${percent} % of targets`,
  ];
}

function when({ services, atLeast }: MovedName): string {
  if (services === 1) return "by one service";
  return `by ${services - atLeast + 1} of ${services} critical services`;
}

function chances({ services, atLeast }: MovedName, availability: number): string {
  const now = falseMoveChance(services, atLeast, availability);
  const first = `${shown(now * 100)} %, ${Math.round(now * hoursPerYear)} h a year`;
  // A service's own name has one service for ever.
  if (services === 1 && atLeast === 1) return first;
  // Where all must be healthy, all more must be, too.
  const grown = [2, 4].map((factor) => {
    const more = services * factor;
    const chance = falseMoveChance(more, atLeast === services ? more : atLeast, availability);
    return `with ${more} ${shown(chance * 100)} %`;
  });
  return [first, ...grown].join("; ");
}

/** Writes a percentage with two digits that count. @example shown(0.39940) // "0.4" */
function shown(percent: number): string {
  return percent < 0.0001 ? "below 0.0001" : Number(percent.toPrecision(2)).toString();
}
