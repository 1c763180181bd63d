import type { WorkloadView } from "../workloads";
import type { Endpoints } from "./endpoints";

/** A running platform at one moment: `GET /_platform/state`. */
export interface PlatformState {
  readonly stack: string;
  readonly timeScale: number;
  /** Unset until the platform is ready. */
  readonly endpoints?: Endpoints;
  /** The name clients call, and the region that answers it now. */
  readonly global: { readonly name: string; readonly region: string };
  readonly healthChecks: readonly { readonly name: string; readonly healthy: boolean }[];
  readonly workloads: readonly WorkloadView[];
}
