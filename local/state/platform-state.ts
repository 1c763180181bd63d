import type { Graph } from "../../graph/model";
import type { ZonalShift } from "../arc/zonal-shifts";
import type { ControlPlaneCounts } from "../control-planes";
import type { DevelopmentView } from "../development";
import type { ReplicaLag } from "../dynamodb/engine/replication";
import type { QueueView } from "../messaging";
import type { WorkloadView } from "../workload-views";
import type { Endpoints } from "./endpoints";

/** The state of a running platform at one moment, as `GET /_platform/state` returns it. */
export interface PlatformState {
  readonly stack: string;
  readonly timeScale: number;
  /** Unset until the platform is ready. */
  readonly endpoints?: Endpoints;
  /** The API's global name, and the region that answers it now. */
  readonly global: { readonly name: string; readonly region: string };
  /** The region that each planned name leads to now. */
  readonly names: Readonly<Record<string, string>>;
  /** What the stack would put out when it is deployed. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Whether the control planes are dark, and how often each one has asked them since the start. */
  readonly controlPlanes: { readonly dark: boolean; readonly calls: ControlPlaneCounts };
  /** What runs of the sources that were saved since the start, and what does not. */
  readonly development: DevelopmentView;
  readonly healthChecks: readonly { readonly name: string; readonly healthy: boolean }[];
  readonly workloads: readonly WorkloadView[];
  /** Zones that balancers and groups are shifted away from. */
  readonly zonalShifts: readonly ZonalShift[];
  /** What is in each queue. */
  readonly queues: readonly QueueView[];
  /** How far each replica of a table is behind each other region; without those that have not changed yet. */
  readonly replicas: readonly ReplicaLag[];
}

/** Parts of a platform, of which those are undefined that have not started yet. */
interface StatedParts {
  readonly index: { readonly graph: Pick<Graph, "stack" | "outputs"> };
  readonly time: { readonly factor: number };
  readonly messaging: { views(): readonly QueueView[] } | undefined;
  readonly route53: { view(): Pick<PlatformState, "global" | "names" | "healthChecks"> };
  readonly workloads:
    | { views(): readonly WorkloadView[]; readonly shifts: { readonly list: readonly ZonalShift[] } }
    | undefined;
  readonly storage: { readonly replicaLags: readonly ReplicaLag[] };
  readonly drills: { readonly planes: { readonly dark: boolean; readonly counts: ControlPlaneCounts } };
  readonly development: { view(): DevelopmentView };
  readonly endpoints: Endpoints | undefined;
}

/** Returns the state of a platform at this moment. */
export function stateOf(parts: StatedParts): PlatformState {
  const { index, time, messaging, route53, workloads, storage, drills, development, endpoints } = parts;
  return {
    ...{ stack: index.graph.stack, outputs: index.graph.outputs, timeScale: time.factor, ...route53.view() },
    ...{ queues: messaging?.views() ?? [], workloads: workloads?.views() ?? [], replicas: storage.replicaLags },
    ...{ controlPlanes: { dark: drills.planes.dark, calls: drills.planes.counts }, development: development.view() },
    zonalShifts: workloads?.shifts.list ?? [],
    ...(endpoints === undefined ? {} : { endpoints }),
  };
}
