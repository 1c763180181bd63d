import { describeError, EXIT } from "./errors";
import { note } from "./print";

/** Exit codes after a signal, as shells report a process that the signal ended. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Longest time from a signal to the end of the process; what still runs then is killed by the reaper. */
const endMilliseconds = 2_500;
/** Time between checks whether npm is still running. */
const parentCheckMilliseconds = 500;

/**
 * Waits for what ends a platform: a signal, the end of npm, or a defect. A second signal ends the process at once.
 *
 * It must exist before anything is started. Earlier a signal ends the process by itself, and leaves nothing, as nothing
 * was started.
 */
export class Interruption {
  exitCode: number = EXIT.ok;
  private readonly controller = new AbortController();

  constructor() {
    for (const [name, code] of Object.entries(exitCodes)) process.on(name, () => this.end(code));
    // npm sends no signal when it is killed.
    const parent = process.ppid;
    const endIfOrphaned = () => process.ppid !== parent && !this.signal.aborted && this.end(exitCodes.SIGHUP);
    if (process.env["npm_lifecycle_event"] !== undefined) setInterval(endIfOrphaned, parentCheckMilliseconds).unref();
    process.on("uncaughtException", (error) => {
      void note(describeError(error));
      if (!this.signal.aborted) this.end(EXIT.failure);
    });
    // A closed terminal or a full disk behind the output must not end the platform.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  }

  /** Aborts when the platform must end. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Resolves when the platform must end. */
  get ended(): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) resolve();
      else this.signal.addEventListener("abort", () => resolve());
    });
  }

  private end(code: number): void {
    if (this.signal.aborted) process.exit(this.exitCode);
    this.exitCode = code;
    setTimeout(() => process.exit(code), endMilliseconds);
    this.controller.abort();
  }
}
