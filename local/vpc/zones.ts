import type { GraphIndex, PlannedResource } from "../../graph/model";
import { unsupported } from "../unsupported";

/** The Availability Zones of planned subnets and regions. */
export class Zones {
  private readonly bySubnet = new Map<string, string>();
  private readonly all: readonly string[];

  constructor(index: GraphIndex) {
    const vpcs = index.ofType("awsx:ec2:Vpc");
    for (const { id, availabilityZone: zone } of vpcs.flatMap((vpc) => vpc.outputs["subnets"] ?? [])) {
      this.bySubnet.set(id, zone);
    }
    this.all = [...new Set(vpcs.flatMap((vpc) => vpc.inputs["availabilityZoneNames"] ?? []))];
  }

  /** Returns the zones of a resource's subnets, each once, in the order of the subnets. */
  ofSubnets(resource: PlannedResource, property: string, subnetIds: readonly string[] | undefined): string[] {
    const zones = (subnetIds ?? []).map(
      (id) => this.bySubnet.get(id) ?? unsupported(resource, property, "subnets of a planned awsx:ec2:Vpc", id),
    );
    if (zones.length === 0) unsupported(resource, property, "a list of subnets", subnetIds);
    return [...new Set(zones)];
  }

  /** Returns the zones of a region's VPC, for functions outside it; one made-up zone where the region has no VPC. */
  ofRegion(region: string): string[] {
    const zones = this.all.filter((zone) => zone.slice(0, -1) === region);
    return zones.length > 0 ? zones : [`${region}a`];
  }
}

/**
 * Returns the zone with the fewest servers, of equals the first: there Auto Scaling, ECS and Lambda start the next one.
 */
export function emptiestZone(zones: readonly string[], taken: Iterable<{ readonly zone: string }>): string {
  const counts = new Map(zones.map((zone) => [zone, 0]));
  for (const { zone } of taken) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return zones.reduce((best, zone) => (counts.get(zone)! < counts.get(best)! ? zone : best));
}

/**
 * Returns as many servers as are to be removed: the latest one of the zone with the most servers, of equals the first,
 * again and again.
 * @param number  none when it is negative
 */
export function inFullestZones<Of extends { readonly zone: string }>(servers: readonly Of[], number: number): Of[] {
  const left = [...servers];
  const removed: Of[] = [];
  while (removed.length < number && left.length > 0) {
    const zones = [...new Set(left.map(({ zone }) => zone))].sort();
    const count = (zone: string) => left.filter((each) => each.zone === zone).length;
    const fullest = zones.reduce((best, zone) => (count(zone) > count(best) ? zone : best));
    removed.push(
      ...left.splice(
        left.findLastIndex(({ zone }) => zone === fullest),
        1,
      ),
    );
  }
  return removed;
}

const directions = { north: "n", south: "s", east: "e", west: "w", central: "c", gov: "g" } as const;

/**
 * Returns the id of a zone as AWS writes them. Which zone has which id differs between accounts; here the first has the
 * first.
 * @example zoneId("ap-southeast-1b") // "apse1-az2"
 */
export function zoneId(zone: string): string {
  const [country = "", ...middle] = zone.slice(0, -1).split("-");
  const number = middle.pop();
  const words = middle.join("").match(/north|south|east|west|central|gov/g) ?? [];
  const letters = words.map((word) => directions[word as keyof typeof directions]).join("");
  return `${country}${letters}${number}-az${zone.charCodeAt(zone.length - 1) - 96}`;
}
