import type { GraphIndex, PlannedResource } from "../../graph/model";
import { UserError } from "../../graph/user-error";
import type { Balancers } from "../elb/balancers";
import type { TimeScale } from "../time-scale";
import type { Zones } from "../vpc/zones";

/** A planned resource of a shifted zone's region, and what the shift does to it. */
export interface ShiftedResource {
  readonly name: string;
  readonly shifted: boolean;
  /** Why it is not shifted. */
  readonly why?: string;
}

/** A zonal shift that is under way. */
export interface ZonalShift {
  readonly zone: string;
  readonly resources: readonly ShiftedResource[];
}

/** Options of `ZonalShifts`. */
export interface ZonalShiftsOptions {
  readonly index: GraphIndex;
  readonly zones: Zones;
  readonly balancers: Balancers;
  readonly time: TimeScale;
  readonly log: (line: string) => void;
}

/** ARC takes 1 minute to 3 days. */
const longestMinutes = 3 * 24 * 60;

/**
 * Zonal shifts of Application Recovery Controller: what is planned to take part in them sends nothing new to a zone. Who is
 * not planned to, or cannot, goes on as before.
 * @see https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.html
 */
export class ZonalShifts {
  private readonly active = new Map<string, { readonly shift: ZonalShift; readonly timer: NodeJS.Timeout }>();

  constructor(private readonly options: ZonalShiftsOptions) {}

  get list(): readonly ZonalShift[] {
    return [...this.active.values()].map(({ shift }) => shift);
  }

  /**
   * Begins a shift, or extends it.
   * @param minutes  planned minutes after which it ends by itself
   * @throws {UserError} for a zone that nothing is planned in, while another zone of the region is shifted,
   *   and where nothing is planned to take part
   */
  start(zone: string, minutes = 60): ZonalShift {
    if (!(minutes >= 1 && minutes <= longestMinutes))
      throw new UserError(`a zonal shift must take 1-${longestMinutes} minutes, got ${minutes}`);
    const other = this.list.find((each) => each.zone !== zone && regionOf(each.zone) === regionOf(zone));
    if (other !== undefined)
      throw new UserError(
        `one zone of a region can be shifted at a time, got ${zone}; end the shift of ${other.zone} first`,
      );
    const resources = this.resourcesOf(zone);
    if (!resources.some(({ shifted }) => shifted)) {
      throw new UserError(
        resources.length === 0
          ? `nothing planned is in zone ${zone}; name one of ${this.known.join(", ")}`
          : `nothing in ${regionOf(zone)} is planned to take part in zonal shifts; plan enableZonalShift of a balancer`,
      );
    }
    this.end(zone);
    const timer = setTimeout(() => this.end(zone), this.options.time.ms(minutes * 60)).unref();
    const shift = { zone, resources };
    this.active.set(zone, { shift, timer });
    this.apply(regionOf(zone), zone);
    this.options.log(`${zone} is shifted away from, for ${minutes} planned minutes at most`);
    return shift;
  }

  /** Ends a shift. @returns undefined when there is none */
  end(zone: string): ZonalShift | undefined {
    const found = this.active.get(zone);
    if (found === undefined) return undefined;
    clearTimeout(found.timer);
    this.active.delete(zone);
    this.apply(regionOf(zone), undefined);
    this.options.log(`${zone} is no longer shifted away from`);
    return found.shift;
  }

  stop(): void {
    for (const { timer } of this.active.values()) clearTimeout(timer);
    this.active.clear();
  }

  private apply(region: string, zone: string | undefined): void {
    const { index, balancers } = this.options;
    for (const listener of index.ofType("aws:lb/listener:Listener")) {
      const balancer = index.arn(listener.outputs["loadBalancerArn"]);
      if (balancer === undefined || balancer.region !== region || !takesPart(balancer)) continue;
      for (const key of balancers.groupKeysOf(listener.outputs["arn"])) balancers.groups.get(key)?.shift(zone);
    }
  }

  private resourcesOf(zone: string): ShiftedResource[] {
    const found = this.candidates().filter(({ zones }) => zones.includes(zone));
    return found.map(({ name, why }) => ({ name, shifted: why === undefined, ...(why === undefined ? {} : { why }) }));
  }

  private get known(): string[] {
    return [...new Set(this.candidates().flatMap(({ zones }) => zones))].sort();
  }

  /** What gets requests in zones, with why it takes part in no shift. */
  private candidates(): { readonly name: string; readonly zones: readonly string[]; readonly why?: string }[] {
    const { index, zones } = this.options;
    const balancers = index.ofType("aws:lb/loadBalancer:LoadBalancer").map((each) => ({
      ...{ name: each.name, zones: zones.ofSubnets(each, "subnets", each.outputs["subnets"]) },
      ...(takesPart(each) ? {} : { why: "enableZonalShift is not planned" }),
    }));
    // ARC takes groups by an impairment policy, which the AWS provider has not.
    const groups = index.ofType("aws:autoscaling/group:Group").map((each) => ({
      ...{ name: each.name, why: "no impairment policy is planned: it still launches in the zone" },
      zones: zones.ofSubnets(each, "vpcZoneIdentifiers", each.outputs["vpcZoneIdentifiers"]),
    }));
    const discovered = index
      .ofType("aws:ecs/service:Service")
      .filter(({ outputs }) => outputs["serviceRegistries"] !== undefined)
      .map((each) => ({
        ...{ name: each.name, why: "Cloud Map has no zonal shift" },
        zones: zones.ofSubnets(each, "networkConfiguration.subnets", each.outputs["networkConfiguration"]?.subnets),
      }));
    return [...balancers, ...groups, ...discovered];
  }
}

function takesPart({ outputs }: PlannedResource): boolean {
  return outputs["enableZonalShift"] === true;
}

function regionOf(zone: string): string {
  return zone.slice(0, -1);
}
