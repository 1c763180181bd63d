import { type ChildProcess, execFile } from "node:child_process";
import type { TimeScale } from "../time-scale";
import type { Reaper } from "./reaper";
import type { ContainerCheck } from "./server-group";

/** Options of `startContainerChecks`. */
export interface ContainerCheckOptions {
  readonly check: ContainerCheck;
  readonly cwd: string;
  /** The container's environment variables, with its actual PORT. */
  readonly env: Readonly<Record<string, string>>;
  readonly time: TimeScale;
  readonly reaper: Reaper;
  /** Whether the first check runs at once, as for a container that has been running, not after an interval. */
  readonly firstAtOnce: boolean;
  /** Called after every passed check, and after every failed one once `retries` in a row failed. */
  readonly onResult: (healthy: boolean) => void;
}

/**
 * Runs a container's health check again and again as Docker does: the first time an interval after the start. Failures
 * within the start period count only after a pass.
 * @returns a function that ends the checks
 * @see https://docs.docker.com/reference/dockerfile/#healthcheck
 */
export function startContainerChecks(options: ContainerCheckOptions): () => void {
  const { check, time } = options;
  const started = Date.now();
  let failures = 0;
  let passedOnce = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: ChildProcess | undefined;
  const round = async () => {
    const passed = await new Promise<boolean>((resolve) => {
      running = runCheck(options, resolve);
    });
    if (stopped) return;
    passedOnce ||= passed;
    const starting = !passedOnce && Date.now() - started < time.ms(check.startPeriodSeconds);
    if (passed) failures = 0;
    else if (!starting) failures++;
    if (passed || failures >= check.retries) options.onResult(passed);
    timer = setTimeout(round, time.ms(check.intervalSeconds));
  };
  if (options.firstAtOnce) void round();
  else timer = setTimeout(round, time.ms(check.intervalSeconds));
  return () => {
    stopped = true;
    clearTimeout(timer);
    running?.kill("SIGKILL");
  };
}

function runCheck({ check, cwd, env, time, reaper }: ContainerCheckOptions, done: (passed: boolean) => void) {
  const [executable, ...args] = check.command;
  // Starting a process takes time that no time scale shortens.
  const timeout = Math.max(1_000, time.timeoutMs(check.timeoutSeconds));
  const child = execFile(
    executable === "node" ? process.execPath : executable!,
    args,
    { cwd, env: { ...env }, timeout, killSignal: "SIGKILL" },
    (error) => done(error === null),
  );
  reaper.watch(child);
  return child;
}
