import type { Registration, ServerHealth } from "./registration";
import type { ServerGroup } from "./server-group";
import type { ServerProcess } from "./server-process";

/** A server as the console shows it. */
export interface ServerView {
  readonly zone: string;
  readonly pid?: number;
  readonly health: ServerHealth;
}

/** A server of a group: an instance, a task or what else runs one process. */
export interface Server {
  readonly id: string;
  /** What it was started of. */
  readonly revision: ServerGroup;
  readonly zone: string;
  /** Time in milliseconds when it was started; once it listens, when that was. */
  since: number;
  /** The same of its latest process. */
  processSince: number;
  process?: ServerProcess;
  /** What it is registered as. Its origin changes when its process starts again. */
  registrant?: { readonly id: string; origin: string };
  registrations: readonly Registration[];
  stopChecks: () => void;
  /** Is being removed: not counted, and not replaced again. */
  leaving: boolean;
}

/** How a server is started. */
export interface Launch {
  /** Whether its first check is made at once, as for one that has been running. @default false */
  readonly ranBefore?: boolean;
  /** @default the revision that the group has now */
  readonly revision?: ServerGroup;
  /** @default the one with the fewest servers, also where this one is lost */
  readonly zone?: string;
}

/** Returns a server as the console shows it. */
export function viewOf({ zone, process, registrations, leaving }: Server): ServerView {
  return {
    zone,
    ...(process === undefined ? {} : { pid: process.pid }),
    health: leaving ? "draining" : worstHealth(registrations),
  };
}

/** Waits until a server is healthy; returns false when it ended before. */
export function waitUntilHealthy({ registrations, process }: Server): Promise<boolean> {
  return new Promise((resolve) => {
    process?.onExit(() => resolve(false));
    void Promise.all(registrations.map((each) => each.healthy)).then(() => resolve(true));
  });
}

/** Returns the worst health that a server's registrations have. */
function worstHealth(registrations: readonly Registration[]): ServerHealth {
  const order: ServerHealth[] = ["unhealthy", "initial", "draining", "healthy"];
  return order.find((health) => registrations.some((each) => each.health === health)) ?? "initial";
}
