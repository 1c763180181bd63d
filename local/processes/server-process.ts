import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type LogSink, moreTelling, onLines } from "./lines";
import type { Reaper } from "./reaper";
import type { ServerGroup } from "./server-group";

export interface LaunchOptions {
  /** Absolute folder of the artifact. */
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** `food-store eu-west-1a`: prefix of logs and errors. */
  readonly title: string;
  readonly log: LogSink;
  readonly reaper: Reaper;
}

/** Longest time from spawn to the `listening` line: a cold start on a busy machine. */
const startMs = 15_000;

/** One running server. */
export class ServerProcess {
  private lastWords = "";

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: LaunchOptions,
  ) {}

  /**
   * Starts a server and waits until it listens.
   * @throws {Error} one sentence when it ends, or is silent, before
   */
  static async start(options: LaunchOptions): Promise<ServerProcess> {
    const [program, ...args] = options.command;
    const child = spawn(program === "node" ? process.execPath : program!, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    options.reaper.watch(child);
    const server = new ServerProcess(child, options);
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
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  onExit(callback: (reason: string) => void): void {
    if (this.ended) callback(this.describeEnd());
    else this.child.once("exit", () => callback(this.describeEnd()));
  }

  /** Sends the signal, and SIGKILL when the process has not ended in time. */
  async end(signal: NodeJS.Signals, patienceMs: number): Promise<void> {
    if (this.ended) return;
    const exit = once(this.child, "exit");
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill("SIGKILL"), patienceMs);
    await exit;
    clearTimeout(timer);
  }

  private listening(): Promise<number> {
    const { title, log } = this.options;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.child.kill("SIGKILL");
        reject(new Error(`${title}: did not log "listening" within ${startMs / 1_000} s; see its log`));
      }, startMs);
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
        this.lastWords = moreTelling(this.lastWords, line);
        log(title, line);
      });
      this.child.once("error", (error) => reject(new Error(`${title}: cannot be started: ${error.message}`)));
      // "close" comes after the last line of output.
      this.child.once("close", () => {
        clearTimeout(late);
        reject(new Error(`${title}: ended with ${this.describeEnd()} before it listened`));
      });
    });
  }

  private describeEnd(): string {
    const how = this.child.signalCode ?? `code ${this.child.exitCode}`;
    return this.lastWords === "" ? how : `${how} (${this.lastWords.slice(0, 300)})`;
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

/** What a planned environment becomes on this machine. Everything else of this machine's environment stays outside. */
export function localEnvironment(
  group: Pick<ServerGroup, "env">,
  scaledMs: (seconds: number) => number,
  overrides: Readonly<Record<string, string>>,
): Record<string, string> {
  const drain = group.env["DRAIN_SECONDS"];
  return {
    PATH: process.env["PATH"] ?? "",
    ...group.env,
    ...(drain === undefined ? {} : { DRAIN_SECONDS: (scaledMs(Number(drain)) / 1_000).toFixed(3) }),
    HOST: "127.0.0.1",
    PORT: "0",
    ...overrides,
  };
}
