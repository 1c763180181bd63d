import { setTimeout as sleep } from "node:timers/promises";
import type { TimeScale } from "./time-scale";

const leastPauseMs = 20;

/**
 * Repeats work until it is stopped, as services do that ask for messages or records. After a failure it pauses for a second;
 * the same failure in a row is logged once.
 */
export class PollingLoop {
  private readonly ended = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly time: TimeScale,
    private readonly log: (line: string) => void,
  ) {}

  /** Aborts when the loop is stopped. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  start(work: () => Promise<void>): void {
    this.running = this.run(work);
  }

  /** Begins nothing further, and waits for what has begun. */
  async stop(): Promise<void> {
    this.ended.abort();
    await this.running;
  }

  /** Resolves after a time, or when the loop is stopped. */
  async pause(seconds: number): Promise<void> {
    const ms = Math.max(leastPauseMs, this.time.ms(seconds));
    await sleep(ms, undefined, { signal: this.signal }).catch(() => {});
  }

  private async run(work: () => Promise<void>): Promise<void> {
    let last = "";
    while (!this.signal.aborted) {
      try {
        await work();
        last = "";
      } catch (error) {
        const { message } = error as Error;
        if (message !== last && !this.signal.aborted) this.log(message);
        last = message;
        await this.pause(1);
      }
    }
  }
}
