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
  /** Called after every passed check, and after every failed one once `retries` in a row failed. */
  readonly onResult: (healthy: boolean) => void;
}

/**
 * Runs a container's health check again and again as Docker does, except that the first one starts at once.
 * @returns a function that ends the checks
 */
export function startContainerChecks(options: ContainerCheckOptions): () => void {
  const { check, time } = options;
  const started = Date.now();
  let failures = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: ChildProcess | undefined;
  const round = async () => {
    const passed = await new Promise<boolean>((resolve) => {
      running = runCheck(options, resolve);
    });
    if (stopped) return;
    const starting = Date.now() - started < time.ms(check.startPeriodSeconds);
    if (passed) failures = 0;
    else if (!starting) failures++;
    if (passed || failures >= check.retries) options.onResult(passed);
    timer = setTimeout(round, time.ms(check.intervalSeconds));
  };
  void round();
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
