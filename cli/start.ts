import { createWriteStream, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { planStack } from "../graph/plan";
import { type RunningPlatform, startPlatform } from "../local/platform";
import type { Endpoints } from "../local/state/endpoints";
import { parseStackName } from "../stacks/stack-name";
import { CommandError } from "./errors";
import { PREFERRED_PORT } from "./options";

/** Options of the command `start`; `npm start -- --help` describes them. */
export interface StartOptions {
  readonly stack: string;
  readonly port?: number;
  readonly timeScale: number;
  readonly legacy?: Readonly<Record<string, string>>;
  readonly verbose?: boolean;
  readonly state: string;
}

/**
 * Runs the command `start`: plans an environment and runs it on this machine until a signal.
 * @throws {CommandError} when the stack is not a whole environment
 */
export async function start(options: StartOptions): Promise<void> {
  const stop = untilSignal();
  const report = progress(Date.now());
  const { layer, region } = parseStackName(options.stack);
  if (layer !== undefined || region !== undefined) {
    throw new CommandError(
      `--stack must name a whole environment, got "${options.stack}"; try ${parseStackName(options.stack).environment}`,
    );
  }
  report("plan", options.stack);
  const graph = await planStack(options.stack);
  const logs = logFile(options.state, options.verbose ?? false);
  const platform = await startPlatform({
    graph,
    port: options.port ?? (await preferredPort()),
    timeScale: options.timeScale,
    log: logs.write,
    legacyOrigins: options.legacy ?? {},
    stateDir: options.state,
    onProgress: (part, detail) => part !== "ready" && report(part, detail),
  });
  process.stdout.write(`${table(platform.endpoints, logs.path)}\nready ${platform.endpoints.console}\n`);
  await stop;
  report("stop", "");
  await end(platform);
}

/** Time between checks whether npm is still running. */
const PARENT_CHECK_MS = 500;

/**
 * Returns a promise that resolves when the platform must stop. It is called before anything starts, so that a signal
 * during the start leaves no process behind. Under npm, the platform also stops when npm is killed, as npm then sends
 * no signal.
 */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    const parent = process.ppid;
    const stopIfOrphaned = () => process.ppid !== parent && resolve();
    if (process.env["npm_lifecycle_event"] !== undefined) setInterval(stopIfOrphaned, PARENT_CHECK_MS).unref();
  });
}

async function end(platform: RunningPlatform): Promise<void> {
  await platform.stop();
  process.exit(0);
}

function progress(startedAt: number): (part: string, detail: string) => void {
  return (part, detail) => {
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(5);
    process.stderr.write(`${seconds} s  ${part.padEnd(9)}${detail}\n`);
  };
}

/** Opens `platform.log`, which gets every log line of every process of this run. */
function logFile(folder: string, verbose: boolean) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "platform.log");
  const file = createWriteStream(path);
  const write = (source: string, line: string) => {
    file.write(`${source} ${line}\n`);
    if (verbose) process.stderr.write(`${source} ${line}\n`);
  };
  return { path, write };
}

function table(endpoints: Endpoints, logPath: string): string {
  const rows: [string, string | null][] = [
    ["global", endpoints.global],
    ...Object.entries(endpoints.regions).map(([region, { http }]): [string, string] => [region, http]),
    ["sign-in", endpoints.issuer],
    ["dynamodb", endpoints.dynamodb],
    ["console", `${endpoints.console}  (in a browser)`],
    ["logs", relative(process.cwd(), logPath)],
  ];
  return rows.map(([what, where]) => `  ${what.padEnd(14)}${where ?? "-"}`).join("\n");
}

/** Returns the preferred port, or 0 (any free port) when it is in use. */
function preferredPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(0));
    server.listen(PREFERRED_PORT, "127.0.0.1", () => server.close(() => resolve(PREFERRED_PORT)));
  });
}
