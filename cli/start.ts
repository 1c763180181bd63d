import type { ChildProcess } from "node:child_process";
import { join, relative } from "node:path";
import type { Graph } from "../graph/model";
import { oneLine } from "../graph/printable";
import { projectRoot } from "../graph/project-root";
import { UserError } from "../graph/user-error";
import { debuggerAddress } from "../local/chosen-services";
import { writeLogLine } from "../local/log/line";
import { LogFile } from "../local/log/log-file";
import { startPlatform } from "../local/platform";
import { type Endpoints, EndpointsFile } from "../local/state/endpoints";
import { Interruption } from "./interruption";
import { DevelopmentLoop } from "./loop/development-loop";
import { PREFERRED_PORT } from "./options";
import { planInProcess } from "./plan/process";
import { note, print } from "./print";

/** Options of the command `start`; `npm start -- --help` describes them. */
export interface StartOptions {
  readonly stack: string;
  readonly port?: number;
  readonly timeScale: number;
  readonly readySeconds: number;
  readonly legacy?: Readonly<Record<string, string>>;
  readonly instead?: Readonly<Record<string, string>>;
  readonly dynamodb?: string;
  readonly verbose?: boolean;
  /** Services that run. @default all */
  readonly only?: readonly string[];
  /** Service whose processes open a port for a debugger each. @default none */
  readonly inspect?: string;
  /** Whether saved sources take the place of what runs. @default in a terminal */
  readonly watch?: boolean;
  /** Whether the control planes are dark as soon as the platform is ready. */
  readonly dark?: boolean;
  /** Whether the traces of requests are kept. */
  readonly traces: boolean;
  readonly state: string;
}

/**
 * Runs the command `start`: plans an environment and runs it on this machine until a signal, with which it ends within
 * 3 s at any moment. The exit code is then that of the signal: 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP.
 * @param planner  process of cli/planner.cjs
 * @throws {UserError} when the stack is not a whole environment, or cannot be planned or started
 */
export async function start(options: StartOptions, planner: ChildProcess): Promise<void> {
  const interruption = new Interruption();
  try {
    await run(options, planner, interruption);
  } catch (error) {
    planner.kill("SIGKILL");
    if (!interruption.signal.aborted) throw error;
  }
  process.exit(interruption.exitCode);
}

async function run(options: StartOptions, planner: ChildProcess, interruption: Interruption): Promise<void> {
  const { stack, state, readySeconds } = options;
  const { signal } = interruption;
  const report = progress(Date.now());
  report("plan", stack);
  await new EndpointsFile(state).prepare();
  const log = openLog(state, options.verbose ?? false);
  try {
    const platform = await startPlatform({
      graph: planned(planner, stack, signal),
      ...(options.port === undefined ? { preferredPort: PREFERRED_PORT } : { port: options.port }),
      timeScale: options.timeScale,
      readySeconds,
      signal,
      log: (source, line) => {
        log.write(source, line);
        const address = options.inspect && debuggerAddress(line);
        if (address) report("debugger", `${source} at ${address}`);
      },
      legacyOrigins: options.legacy ?? {},
      instead: options.instead ?? {},
      only: options.only,
      inspect: options.inspect,
      dark: options.dark ?? false,
      ...(options.traces ? {} : { traces: false, variables: { TRACES: "off" } }),
      ...(options.dynamodb === undefined ? {} : { dynamodb: options.dynamodb }),
      stateDir: state,
      onProgress: (part, detail) => part !== "ready" && report(part, detail),
    });
    if (options.dark) report("dark", "no server starts any more, and nothing is registered or changed");
    await print(`${table(platform.endpoints, log.path)}\nready ${platform.endpoints.console}`).catch(() => {});
    const watches = options.watch ?? process.stdout.isTTY;
    const loop = watches
      ? new DevelopmentLoop({ root: projectRoot, development: platform.development, report })
      : undefined;
    loop?.start();
    await interruption.ended;
    report("stop", "");
    await Promise.all([loop?.stop(), platform.stop()]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${error.message}\nall lines are in ${log.path}`, { cause: error });
  }
}

/** Plans all parts of the environment, and says which of them it leaves out on AWS. */
async function planned(planner: ChildProcess, stack: string, signal: AbortSignal): Promise<Graph> {
  const graph = await planInProcess(planner, stack, signal);
  const { leftOut = [] } = graph;
  if (leftOut.length > 0) void note(`         with ${leftOut.join(", ")}, which platform:leaveOut leaves out on AWS`);
  return graph;
}

function progress(startedAt: number): (part: string, detail: string) => void {
  return (part, detail) => {
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(5);
    void note(`${seconds} s  ${part.padEnd(9)}${detail}`.trimEnd());
  };
}

/** Opens `platform.log`, which gets every log line of every process of this run. */
function openLog(folder: string, verbose: boolean) {
  const path = join(folder, "platform.log");
  const file = LogFile.open(path, { onChange: (sentence) => void note(sentence) });
  const write = (source: string, line: string) => {
    file.add(writeLogLine(source, line));
    if (verbose) void note(oneLine(`${source} ${line}`));
  };
  return { path: relative(process.cwd(), path), write };
}

function table(endpoints: Endpoints, logPath: string): string {
  const rows: [string, string | null][] = [
    ["global", endpoints.global],
    ...Object.entries(endpoints.regions).flatMap(([region, { http, rest }]): [string, string][] => [
      [region, http],
      ...(rest === null ? [] : [[`${region} rest`, rest] as [string, string]]),
    ]),
    ...Object.entries(endpoints.services).map(([service, name]): [string, string] => [
      service,
      `${endpoints.global}  (host: ${name})`,
    ]),
    ["web", endpoints.web === null ? null : `${endpoints.web}  (in a browser)`],
    ["sign-in", endpoints.issuer],
    ["dynamodb", endpoints.dynamodb],
    ["console", `${endpoints.console}  (in a browser)`],
    ["logs", logPath],
  ];
  return rows.map(([what, where]) => `  ${what.padEnd(19)}${where ?? "-"}`).join("\n");
}
