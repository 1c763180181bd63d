import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { UserError } from "../../graph/user-error";
import { spawnWatched } from "./gate";
import { chooseErrorLine, type LogSink, onLines } from "./lines";
import { hasEnded, type Reaper } from "./reaper";
import type { ServerGroup } from "./server-group";

/** Options of `ServerProcess.start`. */
export interface ServerProcessOptions {
  /** Absolute folder of the artifact. */
  readonly cwd: string;
  /** All environment variables of the process. */
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /**
   * Source of the log lines, and subject of errors.
   * @example "food-store eu-west-1a"
   */
  readonly title: string;
  readonly log: LogSink;
  readonly reaper: Reaper;
  /** Longest time from the start to the log line `listening`. */
  readonly startSeconds: number;
}

/** The process of one server. */
export class ServerProcess {
  private lastErrorLine = "";

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: ServerProcessOptions,
  ) {}

  /**
   * Starts a server and waits until it listens.
   * @throws {UserError} when it ends before, or does not listen in time
   */
  static async start(options: ServerProcessOptions): Promise<ServerProcess> {
    const server = new ServerProcess(spawnWatched(options), options);
    server.port = await server.listening();
    return server;
  }

  port = 0;

  get pid(): number {
    return this.child.pid!;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get ended(): boolean {
    return hasEnded(this.child);
  }

  onExit(callback: (reason: string) => void): void {
    if (this.ended) callback(this.describeEnd());
    else this.child.once("exit", () => callback(this.describeEnd()));
  }

  /** Ends the process: sends the signal, then SIGKILL after the timeout. */
  async end(signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
    if (this.ended) return;
    const exit = once(this.child, "exit");
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill("SIGKILL"), timeoutMs);
    await exit;
    clearTimeout(timer);
  }

  private listening(): Promise<number> {
    const { title, log, startSeconds } = this.options;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.child.kill("SIGKILL");
        reject(new UserError(`${title}: did not log "listening" within ${startSeconds} s; fix what its log says`));
      }, startSeconds * 1_000);
      let waiting = true;
      onLines(this.child.stdout!, (line) => {
        log(title, line);
        const port = waiting ? portOf(line) : undefined;
        if (port !== undefined) {
          waiting = false;
          clearTimeout(late);
          resolve(port);
        }
      });
      onLines(this.child.stderr!, (line) => {
        this.lastErrorLine = chooseErrorLine(this.lastErrorLine, line);
        log(title, line);
      });
      this.child.once("error", (error) => reject(new UserError(`${title}: cannot be started: ${error.message}`)));
      // "close" comes after the last line of output.
      this.child.once("close", () => {
        clearTimeout(late);
        reject(new UserError(`${title}: ended with ${this.describeEnd()} before it listened; fix what its log says`));
      });
    });
  }

  private describeEnd(): string {
    const how = this.child.signalCode ?? `code ${this.child.exitCode}`;
    return this.lastErrorLine === "" ? how : `${how} (${this.lastErrorLine.slice(0, 300)})`;
  }
}

function portOf(line: string): number | undefined {
  if (!line.includes('"listening"')) return undefined;
  try {
    const { msg, port } = JSON.parse(line);
    return msg === "listening" && Number.isInteger(port) ? port : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the environment variables of a planned server on this machine: the planned ones with a scaled DRAIN_SECONDS,
 * a free PORT on loopback and the overrides. Of this machine's own variables only PATH is passed on.
 */
export function serverVariables(
  group: Pick<ServerGroup, "env">,
  scaledMs: (seconds: number) => number,
  overrides: Readonly<Record<string, string>>,
): Record<string, string> {
  const drainSeconds = group.env["DRAIN_SECONDS"];
  return {
    PATH: process.env["PATH"] ?? "",
    ...group.env,
    ...(drainSeconds === undefined ? {} : { DRAIN_SECONDS: (scaledMs(Number(drainSeconds)) / 1_000).toFixed(3) }),
    HOST: "127.0.0.1",
    PORT: "0",
    ...overrides,
  };
}
