import type { ControlPlanes } from "../control-planes";
import type { TimeScale } from "../time-scale";
import type { LogSink } from "./lines";
import type { Reaper } from "./reaper";
import type { Registry } from "./registration";
import type { ServerGroup } from "./server-group";

/** Options of `Supervisor`. */
export interface SupervisorOptions {
  /** Project root: artifact folders are relative to it. */
  readonly root: string;
  /** Returns the registry with a key of `registersWith`. @throws {Error} on an unknown key */
  readonly registry: (key: string) => Registry;
  /**
   * Returns the environment variables that replace planned ones when a process starts in a zone: addresses and
   * credentials.
   */
  readonly overrides: (of: ServerGroup, zone: string) => Readonly<Record<string, string>>;
  readonly time: TimeScale;
  readonly log: LogSink;
  readonly reaper: Reaper;
  /** Longest time that a server may take from its start to the log line `listening`. */
  readonly startSeconds: number;
  /** Refuses further servers while it is dark, and any in a zone that is lost. @default never */
  readonly planes?: ControlPlanes;
}
