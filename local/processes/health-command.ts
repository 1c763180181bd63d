import { type ChildProcess, execFile } from "node:child_process";
import type { TimeScale } from "../time-scale";
import type { Reaper } from "./reaper";
import type { ContainerCheck } from "./server-group";

export interface ContainerHealthOptions {
  readonly check: ContainerCheck;
  readonly cwd: string;
  /** The container's environment, its real PORT included. */
  readonly env: Readonly<Record<string, string>>;
  readonly time: TimeScale;
  readonly reaper: Reaper;
  /** Called after every check that changed or confirmed the verdict. */
  readonly verdict: (healthy: boolean) => void;
}

/**
 * Runs a container's health command as Docker does, but for the first time at once, not after an interval.
 * @returns ends the checks
 */
export function watchContainer(options: ContainerHealthOptions): () => void {
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
    if (passed || failures >= check.retries) options.verdict(passed);
    timer = setTimeout(round, time.ms(check.intervalSeconds));
  };
  void round();
  return () => {
    stopped = true;
    clearTimeout(timer);
    running?.kill("SIGKILL");
  };
}

function runCheck({ check, cwd, env, time, reaper }: ContainerHealthOptions, done: (passed: boolean) => void) {
  const [program, ...args] = check.command;
  // The process itself costs time that no time scale shortens.
  const timeout = Math.max(1_000, time.timeoutMs(check.timeoutSeconds));
  const child = execFile(
    program === "node" ? process.execPath : program!,
    args,
    { cwd, env: { ...env }, timeout, killSignal: "SIGKILL" },
    (error) => done(error === null),
  );
  reaper.watch(child);
  return child;
}
