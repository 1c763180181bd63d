import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { FunctionFailure } from "../local-compute";
import { chooseErrorLine, onLines } from "../processes/lines";
import { forkWorker } from "./fork-worker";
import type { FunctionSpec } from "./function-spec";
import type { FunctionPoolOptions } from "./pool-options";

/** An event that a function is to handle. */
export interface Job {
  readonly event: unknown;
  /** Gets each part of a streamed result. */
  readonly onChunk: ((chunk: Buffer) => void) | undefined;
  /** Milliseconds on the monotonic clock. */
  readonly queuedAt: number;
  resolve(result: unknown): void;
  reject(error: FunctionFailure): void;
}

/** The process of one execution environment. */
export interface Worker {
  readonly child: ChildProcess;
  /** The version that it runs. */
  readonly version: FunctionSpec;
  readonly zone: string;
  /** `ending` once it gets no more events. */
  state: "starting" | "idle" | "busy" | "ending";
  job?: Job;
  /** Whether it ends after its event. */
  last?: boolean;
  timer?: NodeJS.Timeout;
}

/** The process of an execution environment as the console shows it. */
export interface WorkerView {
  readonly zone: string;
  readonly pid?: number;
  readonly health: "initial" | "healthy";
}

/** Returns a process as the console shows it. */
export function viewOf({ child, zone, state }: Worker): WorkerView {
  const pid = child.pid === undefined ? {} : { pid: child.pid };
  return { zone, ...pid, health: state === "starting" ? "initial" : "healthy" };
}

/** Returns what local/lambda/function-runtime.cjs gets: the event and its context. */
export function messageOf(version: FunctionSpec, { event, onChunk }: Job): object {
  const { timeoutSeconds, functionName, aliasArn, memoryMegabytes } = version;
  const context = {
    functionName,
    invokedFunctionArn: aliasArn,
    memoryLimitInMB: String(memoryMegabytes),
    awsRequestId: randomUUID(),
  };
  return { event, context, streaming: onChunk !== undefined, deadline: Date.now() + timeoutSeconds * 1_000 };
}

/** Starts the process of an execution environment, which the reaper and the log know. */
export function startWorker(version: FunctionSpec, options: FunctionPoolOptions, zone: string) {
  const child = forkWorker(version, options, zone);
  const source = `${version.service} ${zone}`;
  let lastErrorLine = "";
  options.reaper.watch(child);
  onLines(child.stdout!, (line) => options.log(source, line));
  onLines(child.stderr!, (line) => {
    lastErrorLine = chooseErrorLine(lastErrorLine, line);
    options.log(source, line);
  });
  return { child, lastErrorLine: () => lastErrorLine };
}
