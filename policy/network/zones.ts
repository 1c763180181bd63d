import { at, list, text, texts } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { peek, UNKNOWN, UnknownInput } from "../stack/unknown";

/** Zones that something is in. */
export interface Zones {
  /** Names (or ids) of zones that are known. */
  readonly names: ReadonlySet<string>;
  /** Subnets whose zone nothing in the program tells; each may be a further zone. */
  readonly unresolved: number;
}

/** awsx makes three zones unless told otherwise. */
const AWSX_DEFAULT_ZONES = 3;

/**
 * Zones of the subnets that a property names: by the subnets' ids where they are known, else by the subnets and VPCs
 * the property was made from.
 * @returns undefined when no subnets are named
 * @throws {UnknownInput} when nothing tells their zones
 */
export function zonesOf(resource: Resource, path: string, stack: Stack): Zones | undefined {
  if (peek(() => at(resource.props, path)) === undefined) return undefined;
  const ids = peek(() => subnetIds(at(resource.props, path)));
  const property = path.split(".")[0] ?? path;
  const subnets = stack.dependencies(resource, property, [T.subnet]);
  const sources = subnets.length > 0 ? subnets : stack.dependencies(resource, property, [T.awsxVpc]);
  // No ids, but made from subnets: they are not known yet.
  if (ids !== UNKNOWN && (ids.length > 0 || sources.length === 0)) return zonesOfIds(ids, stack);
  if (sources.length === 0) throw new UnknownInput(path);
  const names = new Set<string>();
  let unresolved = 0;
  for (const source of sources) {
    const zones = source.type === T.subnet ? [zoneOfSubnet(source)] : vpcZones(source);
    for (const zone of zones) {
      if (zone === undefined) unresolved++;
      else names.add(zone);
    }
  }
  return { names, unresolved };
}

/** A list of ids, or the comma-separated text that Beanstalk takes. */
export function zonesOfIds(ids: readonly string[], stack: Stack): Zones {
  const table = subnetZones(stack);
  const names = new Set<string>();
  const unlisted = new Set<string>();
  for (const id of ids) {
    const zone = table.get(id);
    if (zone === undefined) unlisted.add(id);
    else names.add(zone);
  }
  return { names, unresolved: unlisted.size };
}

/** @throws UnknownInput when an element is unknown */
function subnetIds(value: unknown): string[] {
  if (typeof value === "string") return value.split(",").map((id) => id.trim());
  return texts(list(value));
}

/** Returns the zones that a VPC has subnets in; undefined when the program declares no subnet of it. */
export function networkZones(vpc: Resource, stack: Stack): Zones | undefined {
  if (vpc.type === T.awsxVpc) return { names: new Set(vpcZones(vpc)), unresolved: 0 };
  const zones = stack.referrers(vpc, T.subnet, "vpcId").map(zoneOfSubnet);
  if (zones.length === 0) return undefined;
  const names = new Set(zones.filter((zone) => zone !== undefined));
  return { names, unresolved: zones.filter((zone) => zone === undefined).length };
}

/** The most zones these can be. */
export function atMost(zones: Zones): number {
  return zones.names.size + zones.unresolved;
}

/** Zone by subnet id, for subnets of the program and those that awsx makes. */
function subnetZones(stack: Stack): ReadonlyMap<string, string> {
  return stack.memo("zone by subnet", () => {
    const table = new Map<string, string>();
    for (const subnet of stack.of(T.subnet)) {
      const [id, zone] = [peek(() => text(subnet.props["id"])), zoneOfSubnet(subnet)];
      if (typeof id === "string" && id !== "" && zone !== undefined) table.set(id, zone);
    }
    for (const vpc of stack.of(T.awsxVpc)) {
      const zones = vpcZones(vpc);
      for (const tier of ["publicSubnetIds", "privateSubnetIds", "isolatedSubnetIds"]) {
        const ids = peek(() => texts(vpc.props[tier]));
        if (ids === UNKNOWN || zones.length === 0) continue;
        // awsx lists the subnets of a tier zone by zone.
        const perZone = Math.max(1, Math.ceil(ids.length / zones.length));
        for (const [i, id] of ids.entries()) table.set(id, zones[Math.floor(i / perZone)] ?? id);
      }
    }
    return table;
  });
}

function zoneOfSubnet(subnet: Resource): string | undefined {
  for (const key of ["availabilityZone", "availabilityZoneId"]) {
    const zone = peek(() => text(subnet.props[key]));
    if (zone !== UNKNOWN && zone !== "") return zone;
  }
  return undefined;
}

/** Zones of a VPC of awsx, by its arguments. */
export function vpcZones(vpc: Resource): string[] {
  const named = peek(() => texts(vpc.props["availabilityZoneNames"]));
  if (named !== UNKNOWN && named.length > 0) return [...new Set(named)];
  const count = peek(() => vpc.props["numberOfAvailabilityZones"]);
  const zones = typeof count === "number" && count > 0 && count <= 26 ? Math.floor(count) : AWSX_DEFAULT_ZONES;
  return Array.from({ length: zones }, (_, i) => `${vpc.name} zone ${i + 1}`);
}
