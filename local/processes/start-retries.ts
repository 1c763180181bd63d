import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../graph/user-error";
import type { TimeScale } from "../time-scale";
import type { LogSink } from "./lines";

/** Options of `StartRetries`. */
export interface StartRetriesOptions {
  readonly service: string;
  /** The first pause; each further one is twice as long. */
  readonly restartSeconds: number;
  readonly time: TimeScale;
  readonly log: LogSink;
  /** Ends every pause and all retries. */
  readonly signal: AbortSignal;
}

/** A process that ends within this time after its start counts as a crash, which delays the next start. */
const crashSeconds = 10;
const maxPauseSeconds = 30;

/** Starts the servers of one service again after they ended, with pauses that become longer while they crash. */
export class StartRetries {
  private crashes = 0;

  constructor(private readonly options: StartRetriesOptions) {}

  /** Counts the end of a process. @param since  time in milliseconds of its start */
  recordEnd(since: number): void {
    this.crashes = Date.now() - since < this.options.time.ms(crashSeconds) ? this.crashes + 1 : 0;
  }

  /**
   * Starts something, again after each failure.
   * @param unwanted  tells whether it is no longer needed
   * @returns undefined when it was not started
   */
  async untilUp<T>(start: () => Promise<T>, unwanted: () => boolean): Promise<T | undefined> {
    const { service, log, signal } = this.options;
    while (!signal.aborted && !unwanted()) {
      if (this.crashes > 1) await this.pauseAfterCrashes();
      if (signal.aborted) return undefined;
      try {
        return await start();
      } catch (error) {
        this.crashes++;
        log(service, reasonOf(error));
      }
    }
    return undefined;
  }

  async pause(seconds: number): Promise<void> {
    const { time, signal } = this.options;
    await sleep(time.ms(seconds), undefined, { signal }).catch(() => {});
  }

  private async pauseAfterCrashes(): Promise<void> {
    const { service, log, restartSeconds } = this.options;
    const seconds = Math.min(maxPauseSeconds, restartSeconds * 2 ** (this.crashes - 1));
    log(
      service,
      `crash loop: ${this.crashes} servers in a row ended within ${crashSeconds} s of their start; the next starts in ${seconds} s`,
    );
    await this.pause(seconds);
  }
}

/** What the log says of a failed start; of an error that was not foreseen, where it was thrown, too. */
function reasonOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
