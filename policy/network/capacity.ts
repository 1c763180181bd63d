import { block, number, text } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { peek, UNKNOWN, UnknownInput } from "../stack/unknown";
import { settings } from "../stack/workloads";
import { N } from "./tokens";
import { type Zones, zonesOf, zonesOfIds } from "./zones";

/** Resources that say how many servers there are. */
export const capacityTypes: readonly string[] = [T.group, T.ecsService, T.beanstalk];

/** Fewest and most servers of a workload. */
export interface Capacity {
  readonly min: number;
  readonly max: number;
  /** The resource that the numbers are on. */
  readonly holder: Resource;
}

/** Fewest and most servers of a workload; undefined when nothing tells. */
export function capacityOf(workload: Resource, stack: Stack): Capacity | undefined {
  switch (workload.type) {
    case T.group:
      return numbers(workload, workload.props["minSize"], workload.props["maxSize"]);
    case T.beanstalk: {
      const get = settings(workload);
      return numbers(workload, get("aws:autoscaling:asg", "MinSize"), get("aws:autoscaling:asg", "MaxSize"));
    }
    case T.ecsService: {
      const target = scalerOf(workload, stack);
      if (target) return numbers(target, target.props["minCapacity"], target.props["maxCapacity"]);
      if (workload.props["schedulingStrategy"] === "DAEMON") return undefined;
      const count = number(workload.props["desiredCount"]) ?? 0; // the provider's default
      return { min: count, max: count, holder: workload };
    }
    default:
      return undefined;
  }
}

function numbers(holder: Resource, min: unknown, max: unknown): Capacity | undefined {
  const [least, most] = [number(min), number(max)];
  return least === undefined || most === undefined ? undefined : { min: least, max: most, holder };
}

/** The scalable target of a service: it names the service in the text of its `resourceId`. */
export function scalerOf(service: Resource, stack: Stack): Resource | undefined {
  const table = stack.memo("scalable target by service", () => {
    const all = new Map<Resource, Resource>();
    for (const target of stack.of(T.scalingTarget)) {
      const made = stack.dependencies(target, "resourceId", [T.ecsService]);
      const found = made.length > 0 ? made : stack.targets(target, "resourceId", T.ecsService);
      for (const one of found) all.set(one, target);
    }
    return all;
  });
  return table.get(service);
}

/** Zones of a workload's servers; undefined when nothing is known of them. */
export function workloadZones(workload: Resource, stack: Stack): Zones | undefined {
  switch (workload.type) {
    case T.group: {
      const named = peek(() => workload.props["availabilityZones"]);
      if (named !== UNKNOWN && Array.isArray(named) && workload.props["vpcZoneIdentifiers"] === undefined) {
        return { names: new Set(named.map(String)), unresolved: 0 };
      }
      return zonesOf(workload, "vpcZoneIdentifiers", stack);
    }
    case T.ecsService:
      return zonesOf(workload, "networkConfiguration.subnets", stack);
    case T.beanstalk:
      return beanstalkZones(workload, "Subnets", stack);
    case T.function:
      return zonesOf(workload, "vpcConfig.subnetIds", stack);
    case N.instance: {
      const zone = peek(() => text(workload.props["availabilityZone"]));
      if (zone !== UNKNOWN && zone !== "") return { names: new Set([zone]), unresolved: 0 };
      return zonesOf(workload, "subnetId", stack);
    }
    default:
      return undefined;
  }
}

/**
 * Number of zones of a workload's servers; 0 when it names none.
 * @throws {UnknownInput} when subnets are named whose zones nothing in the program tells
 */
export function zoneCount(workload: Resource, stack: Stack): number {
  const found = workloadZones(workload, stack);
  if (found !== undefined && found.unresolved > 0)
    throw new UnknownInput(`the zone of ${found.unresolved} of its subnets`);
  return found?.names.size ?? 0;
}

/** @param name  `Subnets` or `ELBSubnets`, a comma-separated list */
export function beanstalkZones(environment: Resource, name: string, stack: Stack): Zones | undefined {
  const value = peek(() => settings(environment)("aws:ec2:vpc", name));
  if (value === UNKNOWN) return zonesOf(environment, "settings", stack);
  return value === undefined
    ? undefined
    : zonesOfIds(
        value.split(",").map((id) => id.trim()),
        stack,
      );
}

/** Servers a workload needs at its peak, by the part of its name that the configuration names. */
export function peakOf(workload: Resource, peaks: unknown): number | undefined {
  const found = Object.entries(block(peaks)).find(([part]) => workload.name.includes(part));
  return found === undefined ? undefined : number(found[1]);
}

/** The least that Application Auto Scaling keeps of a dimension of a resource; 0 where it does not scale it. */
export function scaledBy(resource: Resource, dimension: string, stack: Stack): number {
  const least = stack
    .referrers(resource, T.scalingTarget, "resourceId")
    .filter((one) => peek(() => one.props["scalableDimension"]) === dimension)
    .map((one) => number(one.props["minCapacity"]) ?? 0);
  return Math.max(0, ...least);
}
