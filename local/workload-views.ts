import type { ScalingView } from "./autoscaling/scaled-group";
import type { OutsideTasks } from "./ecs/outside-tasks";
import type { FunctionPool } from "./lambda/function-pool";
import type { PythonWorkloads } from "./processes/python-workloads";
import type { Supervisor } from "./processes/supervisor";
import type { Awaited } from "./readiness";

/** A service in one region as the console shows it. */
export interface WorkloadView {
  readonly region: string;
  readonly service: string;
  readonly pattern: string;
  /** Servers that are kept running; 0 for a function, whose processes start with events and end when idle. */
  readonly desired: number;
  /** Zones that its servers are spread over. */
  readonly zones: readonly string[];
  /** What its number follows, and within which bounds; unset where no policy is planned. */
  readonly scaling?: ScalingView;
  readonly servers: readonly { readonly zone: string; readonly pid?: number; readonly health: string }[];
}

/** Returns every service of every region, sorted. */
export function viewsOf(
  supervisors: readonly Supervisor[],
  pools: readonly FunctionPool[],
  outsideTasks: OutsideTasks,
  scalingOf: (id: string) => ScalingView | undefined,
): WorkloadView[] {
  const servers = supervisors.map((each) => ({
    ...regionAndService(each.group),
    pattern: each.group.pattern,
    desired: each.desired,
    zones: each.group.zones,
    ...withScaling(scalingOf(each.group.id)),
    servers: each.views(),
  }));
  const functions = pools.map((pool) => ({
    ...regionAndService(pool.spec),
    pattern: "lambda",
    desired: 0,
    zones: pool.spec.zones,
    servers: pool.views(),
  }));
  return [...servers, ...functions, ...outsideTasks.views()].sort(
    (a, b) => compare(a.region, b.region) || compare(a.service, b.service),
  );
}

function withScaling(scaling: ScalingView | undefined) {
  return scaling === undefined ? {} : { scaling };
}

/** Returns the services that have a server which is not healthy; those in Python do not count where they do not run. */
export function awaitedOf(supervisors: readonly Supervisor[], python: PythonWorkloads): Awaited[] {
  return supervisors.flatMap((each) => {
    if (python.missing !== undefined && python.has(each.group)) return [];
    const servers = each.views().filter(({ health }) => health !== "healthy");
    const { service, region } = each.group;
    const sources = [...new Set(servers.map(({ zone }) => `${service} ${zone}`))];
    return sources.length === 0 ? [] : [{ subject: `${service} in ${region}`, sources }];
  });
}

function regionAndService({ region, service }: { region: string; service: string }) {
  return { region, service };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
