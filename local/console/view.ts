import type { DrillMark } from "../drills/drill-marks";
import type { NamedFault } from "../drills/fault-board";
import type { PlatformState } from "../state/platform-state";
import type { JournalLine } from "./journal";
import type { Series } from "./traffic";

/** What the console shows of a running platform at one moment. */
export interface ConsoleView {
  readonly stack: string;
  readonly timeScale: number;
  readonly ready: boolean;
  /** The API's global name, and the region that answers it now. */
  readonly name: string;
  readonly answeredBy: string;
  readonly names: PlatformState["names"];
  /** The primary one first. */
  readonly regions: readonly RegionView[];
  readonly healthChecks: PlatformState["healthChecks"];
  readonly queues: PlatformState["queues"];
  readonly replicas: PlatformState["replicas"];
  /** What was broken by name, the earliest first; without `endedAt` where it still is. */
  readonly faults: readonly NamedFault[];
  readonly drills: readonly Omit<DrillMark, "report">[];
  /** Whether the control planes are dark. */
  readonly dark: boolean;
}

/** A region with its services. */
export interface RegionView {
  readonly name: string;
  /** How it is cut off from clients. @default it is not */
  readonly fault?: string;
  readonly zones: readonly { readonly name: string; readonly lost: boolean }[];
  readonly services: readonly ServiceView[];
  /** Functions of the platform itself, with the number of processes that they have at the moment. */
  readonly functions: readonly { readonly name: string; readonly processes: number }[];
}

/** A service in one region. */
export interface ServiceView {
  readonly service: string;
  readonly pattern: string;
  /** Servers that are kept running; 0 for a function, whose processes start with events. */
  readonly planned: number;
  readonly healthy: number;
  /** In the order of the region's zones. */
  readonly zones: readonly ZoneView[];
}

/** The servers of a service in a zone. */
export interface ZoneView {
  readonly zone: string;
  /** Undefined where the service does not run in the zone. */
  readonly planned: number | undefined;
  readonly servers: readonly { readonly pid?: number; readonly health: string }[];
}

/** What a stream of the console sends, by the names of its events. */
export interface StreamEvents {
  /** Sent whenever it has changed. */
  readonly view: ConsoleView;
  /** Once a second: the counts, with the seconds since the last one. */
  readonly traffic: { readonly now: number; readonly series: readonly Series[] };
  /** What has happened since the last one, the oldest first. */
  readonly events: readonly JournalLine[];
}

/** What is broken on purpose. */
export interface Outages {
  fault(region: string): string | undefined;
  isLost(zone: string): boolean;
  readonly faults: readonly NamedFault[];
  readonly drills: readonly DrillMark[];
}

const shownFaults = 20;

/** Arranges the state of a platform by region, service and zone. */
export function consoleView(state: PlatformState, outages: Outages): ConsoleView {
  const { stack, timeScale, names, healthChecks, queues, replicas, global, controlPlanes } = state;
  const answeredBy = global.region;
  const all = [...new Set(state.workloads.map(({ region }) => region))].sort();
  // The sign-in page of the primary region comes first.
  const [primary] = Object.keys(state.endpoints?.issuers ?? {});
  const regions = all.sort((a, b) => Number(b === primary) - Number(a === primary));
  return {
    ...{ stack, timeScale, ready: state.endpoints !== undefined, name: global.name, answeredBy, names },
    ...{ healthChecks, queues, replicas, dark: controlPlanes.dark },
    ...{ faults: outages.faults.slice(-shownFaults), drills: outages.drills.map(({ report: _, ...drill }) => drill) },
    regions: regions.map((region) => regionView(region, state.workloads, outages)),
  };
}

function regionView(name: string, all: PlatformState["workloads"], outages: Outages): RegionView {
  const workloads = all.filter(({ region }) => region === name);
  const zones = [...new Set(workloads.flatMap((each) => each.zones))].sort();
  const fault = outages.fault(name);
  return {
    name,
    ...(fault === undefined ? {} : { fault }),
    zones: zones.map((zone) => ({ name: zone, lost: outages.isLost(zone) })),
    services: workloads.filter((each) => !isOwn(each)).map((each) => serviceView(each, zones)),
    functions: workloads
      .filter(isOwn)
      .map(({ service, servers }) => ({ name: service.slice(name.length + 1), processes: servers.length })),
  };
}

/** Functions of the platform itself have the names of resources, which begin with the region. */
function isOwn({ service, region }: PlatformState["workloads"][number]): boolean {
  return service.startsWith(`${region}-`);
}

function serviceView(workload: PlatformState["workloads"][number], zones: readonly string[]): ServiceView {
  const { service, pattern, desired, servers } = workload;
  return {
    ...{ service, pattern, planned: desired, healthy: servers.filter(({ health }) => health === "healthy").length },
    zones: zones.map((zone) => ({
      zone,
      planned: plannedIn(zone, workload),
      servers: servers.filter((each) => each.zone === zone).map(({ pid, health }) => ({ ...(pid && { pid }), health })),
    })),
  };
}

/** Servers are spread evenly; zones in order get those that are left over. */
function plannedIn(zone: string, { zones, desired }: PlatformState["workloads"][number]): number | undefined {
  const at = zones.indexOf(zone);
  if (at < 0) return undefined;
  return Math.floor(desired / zones.length) + (at < desired % zones.length ? 1 : 0);
}
