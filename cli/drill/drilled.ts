import type { RecoveryPlan } from "../../graph/recovery/recovery";
import type { NamedFault } from "../../local/drills/fault-board";
import type { How } from "../../local/faults/kinds";
import type { PlatformState } from "../../local/state/platform-state";
import type { Control } from "./control";
import type { Load } from "./load";
import type { LoadedService } from "./loaded-services";
import type { DrillKind } from "./report";
import type { Watch } from "./watch";

/** Options of the command; `npm run drill -- --help` describes them. */
export interface DrillOptions {
  readonly state: string;
  readonly service?: string;
  readonly zone?: string;
  readonly region?: string;
  readonly how?: How;
  readonly rate?: number;
  readonly seconds?: number;
  readonly json?: boolean;
  /** File that gets the history. */
  readonly history?: string;
}

/** What a drill runs with. */
export interface Drilled {
  readonly kind: DrillKind;
  readonly options: DrillOptions;
  readonly control: Control;
  readonly state: PlatformState;
  readonly plan: RecoveryPlan;
  readonly services: readonly LoadedService[];
  readonly load: Load;
  readonly watch: Watch;
  readonly rate: number;
  readonly say: (line: string) => void;
}

/** When what happened, in milliseconds of the load's clock. */
export interface Course {
  /** Id of the drill's mark. */
  readonly mark: string;
  readonly faultAt: number;
  readonly endedAt: number;
  /** When all was whole again; unset when it was not in time. */
  readonly wholeAt: number | undefined;
  readonly before: PlatformState;
  readonly how: string;
  readonly place: string;
  readonly region: string;
  /** Of an instance or a release. */
  readonly service?: string;
  readonly fault?: NamedFault;
}
