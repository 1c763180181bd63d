import { createWriteStream, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { planStack } from "../graph/plan";
import { type RunningPlatform, startPlatform } from "../local/platform";
import type { Endpoints } from "../local/state/endpoints";
import { parseStackName } from "../stacks/stack-name";
import { CommandError } from "./errors";
import { USUAL_PORT } from "./options";

export interface StartOptions {
  readonly stack: string;
  readonly port?: number;
  readonly timeScale: number;
  readonly legacy?: Readonly<Record<string, string>>;
  readonly verbose?: boolean;
  readonly state: string;
}

/** Plans an environment and runs it until a signal. */
export async function start(options: StartOptions): Promise<void> {
  const stop = untilSignal();
  const say = progress(Date.now());
  const { layer, region } = parseStackName(options.stack);
  if (layer !== undefined || region !== undefined) {
    throw new CommandError(
      `--stack must name a whole environment, got "${options.stack}"; try ${parseStackName(options.stack).environment}`,
    );
  }
  say("plan", options.stack);
  const graph = await planStack(options.stack);
  const logs = logFile(options.state, options.verbose ?? false);
  const platform = await startPlatform({
    graph,
    port: options.port ?? (await usualPort()),
    timeScale: options.timeScale,
    log: logs.write,
    legacyOrigins: options.legacy ?? {},
    stateDir: options.state,
    onProgress: (part, detail) => part !== "ready" && say(part, detail),
  });
  process.stdout.write(`${table(platform.endpoints, logs.path)}\nready ${platform.endpoints.console}\n`);
  await stop;
  say("stop", "");
  await end(platform);
}

/** Milliseconds between looks at whether npm still lives. */
const PARENT_CHECK = 500;

/**
 * Resolves when the platform is to stop. Called before anything starts: a signal during the start must not leave
 * processes behind. Started by npm, it also stops when npm is killed, which tells its child nothing.
 */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    const parent = process.ppid;
    const orphaned = () => process.ppid !== parent && resolve();
    if (process.env["npm_lifecycle_event"] !== undefined) setInterval(orphaned, PARENT_CHECK).unref();
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

/** Every line of every process of this run, in `platform.log`. */
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

/** @returns the usual port, or 0 for any when it is taken */
function usualPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(0));
    server.listen(USUAL_PORT, "127.0.0.1", () => server.close(() => resolve(USUAL_PORT)));
  });
}
