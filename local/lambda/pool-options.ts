import type { ControlPlanes } from "../control-planes";
import type { LogSink } from "../processes/lines";
import type { Reaper } from "../processes/reaper";
import type { TimeScale } from "../time-scale";
import type { FunctionSpec } from "./function-spec";

/** Options of `FunctionPool`. */
export interface FunctionPoolOptions {
  /** Project root: artifact folders are relative to it. */
  readonly root: string;
  /**
   * Returns the environment variables that replace planned ones when a process starts in a zone: addresses and
   * credentials.
   */
  readonly overrides: (of: FunctionSpec, zone: string) => Readonly<Record<string, string>>;
  /** URLs of this machine that take the place of planned URLs in environment variables. @default none */
  readonly addresses?: ReadonlyMap<string, string>;
  readonly time: TimeScale;
  readonly log: LogSink;
  readonly reaper: Reaper;
  /** Refuses further processes while it is dark; what runs then stays, idle or not. @default never dark */
  readonly planes?: ControlPlanes;
}
