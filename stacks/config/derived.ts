import { minimumServers, utilisationCap } from "../../infra/compute/capacity";
import { zoneLetters, zonesPerAccount } from "./aws-regions";
import { classDefaults, maximumFactors, regionBlocks, zoneCounts } from "./defaults";
import type { EnvironmentClass } from "./schema";

/** A default that is made from other values of the configuration. */
export interface DerivedDefault {
  /** What it is made from, for the source of the value. */
  readonly from: string;
  /** The rule, for documents. */
  readonly rule: string;
}

/** Minutes that an experiment lasts: several times what failover takes. */
const EXPERIMENT_MINUTES = 10;

/** Returns a value for each class, in words. @example perClass({ development: 1, production: 2 }) // "2; in development 1" */
export function perClass(values: Readonly<Record<EnvironmentClass, unknown>>): string {
  return `${values.production}; in development ${values.development}`;
}

const ofBlocks = ({ development, production }: typeof regionBlocks) =>
  perClass({
    development: development.join(" and "),
    production: `${production.join(" for the first region and ")} for the second`,
  });

/** The derived defaults by path, in which `[]` stands for each region and `*` for each service. */
export const derivedDefaults = {
  "regions[].cidr": { from: "the region's place", rule: ofBlocks(regionBlocks) },
  "regions[].zones": { from: "the region", rule: `the region's first ${perClass(zoneCounts)}` },
  "domain.api": { from: "zone", rule: "api in the zone, such as api.example.com" },
  "web.domain": { from: "zone", rule: "app in the zone, such as app.example.com" },
  "live.domain": { from: "zone", rule: "live in the zone, such as live.example.com" },
  "experiments.minutes": { from: "platform:experiments", rule: `${EXPERIMENT_MINUTES}` },
  "gateways.http.services": { from: "services", rule: "all services" },
  "gateways.rest.services": { from: "services", rule: "all services" },
  "gateways.rest.domain": { from: "domain.api", rule: "rest below domain.api, such as rest.api.example.com" },
  "services.*.capacity.max": {
    from: "peak and the zones",
    rule: `the fewest servers times ${perClass(maximumFactors)}`,
  },
  "services.*.critical": { from: "failoverName", rule: "true; false for a service with a failoverName" },
  "services.*.scaling.cpuPercent": { from: "the zones", rule: utilisationRule() },
  "services.*.ecs.memoryPercent": { from: "the zones", rule: utilisationRule() },
} as const satisfies Readonly<Record<string, DerivedDefault>>;

function utilisationRule(): string {
  const caps = [2, 3, 4].map((zones) => `${utilisationCap(zones)} with ${zones} zones`);
  return `what the other zones can carry when one is lost: ${caps.join(", ")}`;
}

/** Most servers that configuration takes, see `capacity.max` of the schema. */
const MOST_SERVERS = 1000;

/** A configuration whose defaults are added; every value may still be of any type. */
type Tree = Record<string, unknown>;

/** Adds a derived default where there is no value. @param path  with the place of the value, `regions[0].cidr` */
type Add = (parent: unknown, key: string, value: unknown, path: string, kind: keyof typeof derivedDefaults) => void;

/**
 * Adds the derived defaults to a configuration that has all others. Where a value that a default is made from is
 * missing or invalid, as its own problem says, a default of the class takes its place.
 */
export function addDerived(config: Tree, environmentClass: EnvironmentClass, add: Add): void {
  const regions = Array.isArray(config["regions"]) ? config["regions"] : [];
  for (const [i, region] of regions.entries()) {
    const path = `regions[${i}]`;
    add(region, "cidr", regionBlocks[environmentClass][i], `${path}.cidr`, "regions[].cidr");
    add(region, "zones", zonesOf(region?.name, environmentClass), `${path}.zones`, "regions[].zones");
  }
  const zone = (config["domain"] as Tree | undefined)?.["zone"];
  add(config["domain"], "api", typeof zone === "string" ? `api.${zone}` : undefined, "domain.api", "domain.api");
  add(config["web"], "domain", typeof zone === "string" ? `app.${zone}` : undefined, "web.domain", "web.domain");
  add(config["live"], "domain", typeof zone === "string" ? `live.${zone}` : undefined, "live.domain", "live.domain");
  add(config["experiments"], "minutes", EXPERIMENT_MINUTES, "experiments.minutes", "experiments.minutes");
  addGateways(config, add);
  const zoneNumbers = numbersOfZones(regions, environmentClass);
  for (const [name, service] of Object.entries<any>(config["services"] ?? {})) {
    const path = `services.${name}`;
    const cap = utilisationCap(Math.min(...zoneNumbers));
    const most = maximum(service?.capacity?.peak, zoneNumbers, environmentClass);
    add(service?.capacity, "max", most, `${path}.capacity.max`, "services.*.capacity.max");
    add(service, "critical", service?.failoverName === undefined, `${path}.critical`, "services.*.critical");
    add(service?.scaling, "cpuPercent", cap, `${path}.scaling.cpuPercent`, "services.*.scaling.cpuPercent");
    add(service?.ecs, "memoryPercent", cap, `${path}.ecs.memoryPercent`, "services.*.ecs.memoryPercent");
  }
}

function addGateways(config: Tree, add: Add): void {
  const { http, rest } = (config["gateways"] ?? {}) as Tree;
  const api = (config["domain"] as Tree | undefined)?.["api"];
  const services = Object.keys(config["services"] ?? {});
  add(http, "services", services, "gateways.http.services", "gateways.http.services");
  add(rest, "services", services, "gateways.rest.services", "gateways.rest.services");
  const name = typeof api === "string" ? `rest.${api}` : undefined;
  add(rest, "domain", name, "gateways.rest.domain", "gateways.rest.domain");
}

/** Returns the first zones of a region, as many as the class has; undefined for a region that the table does not have. */
function zonesOf(region: unknown, environmentClass: EnvironmentClass): string[] | undefined {
  if (typeof region !== "string" || !Object.hasOwn(zoneLetters, region)) return undefined;
  const most = Math.min(zoneCounts[environmentClass], zonesPerAccount[region] ?? Number.POSITIVE_INFINITY);
  return [...zoneLetters[region]!].slice(0, most).map((letter) => `${region}${letter}`);
}

/** Returns the number of zones of each region, from 2 to 4 as the schema has it. */
function numbersOfZones(regions: readonly any[], environmentClass: EnvironmentClass): number[] {
  const numbers = regions.map((region) =>
    Array.isArray(region?.zones) ? Math.min(4, Math.max(2, region.zones.length)) : zoneCounts[environmentClass],
  );
  return numbers.length > 0 ? numbers : [zoneCounts[environmentClass]];
}

/** Returns the default of `capacity.max`. @param peak  an invalid one counts as the class's */
function maximum(peak: unknown, zoneNumbers: readonly number[], environmentClass: EnvironmentClass): number {
  const valid = typeof peak === "number" && peak >= 1 ? peak : classDefaults[environmentClass].service.capacity!.peak!;
  const minimum = Math.max(...zoneNumbers.map((zones) => minimumServers(valid, zones)));
  return Math.min(maximumFactors[environmentClass] * minimum, MOST_SERVERS);
}
