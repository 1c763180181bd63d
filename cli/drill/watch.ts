import { setTimeout as sleep } from "node:timers/promises";
import type { PlatformState } from "../../local/state/platform-state";
import { readState } from "../running-platform";

/** One look at the platform. */
export interface Seen {
  /** On the clock of the load. */
  readonly at: number;
  readonly state: PlatformState;
}

const everyMs = 100;

/** Looks at a platform again and again while a drill runs. */
export class Watch {
  readonly seen: Seen[] = [];
  private running = true;
  private readonly ended: Promise<void>;

  constructor(
    private readonly consoleUrl: string,
    private readonly now: () => number,
  ) {
    this.ended = this.run();
  }

  /** Waits until a look tells so. @returns when that was; undefined when it has not been so in time */
  async until(
    what: (state: PlatformState) => boolean,
    since: number,
    milliseconds: number,
  ): Promise<number | undefined> {
    for (;;) {
      const found = this.first(what, since);
      if (found !== undefined || this.now() > since + milliseconds) return found;
      await sleep(everyMs);
    }
  }

  /** Returns when a look first told so, after a moment. */
  first(what: (state: PlatformState) => boolean, since: number): number | undefined {
    return this.seen.find(({ at, state }) => at >= since && what(state))?.at;
  }

  /** Longest time that a write took to another region, as far as it was seen. */
  get longestLagMs(): number {
    return Math.max(0, ...this.seen.flatMap(({ state }) => state.replicas.map(({ tookMs = 0 }) => tookMs)));
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.ended;
  }

  private async run(): Promise<void> {
    while (this.running) {
      const at = this.now();
      const state = await readState(this.consoleUrl).catch(() => undefined);
      if (state !== undefined) this.seen.push({ at, state });
      await sleep(everyMs);
    }
  }
}

/** Tells whether every planned server is there and healthy. */
export function isWhole({ workloads }: PlatformState): boolean {
  return workloads.every(({ desired, servers }) => {
    const healthy = servers.filter(({ health }) => health === "healthy").length;
    return desired === 0 || healthy >= desired;
  });
}
