import { type ChildProcess, spawn } from "node:child_process";
import { smallHeapArguments, smallHeapVariables } from "./memory";
import type { Reaper } from "./reaper";

/** Options of `spawnWatched`. */
export interface SpawnOptions {
  /** Executable and arguments; `node` is the Node.js that runs this process, with a small heap. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** All environment variables of the process. */
  readonly env: Readonly<Record<string, string>>;
  readonly reaper: Reaper;
}

/**
 * A shell that waits for a line on descriptor 3 and then becomes the command. Without a line, because this process was
 * killed, it ends.
 */
const script = 'read -r line <&3 || exit; unset PWD; exec "$@" 3<&-';

/**
 * Starts a process that the reaper knows before its command runs. Otherwise a platform that is killed between both would
 * leave it running.
 */
export function spawnWatched({ command, cwd, env, reaper }: SpawnOptions): ChildProcess {
  const [executable, ...args] = command;
  const own = executable === "node" ? [process.execPath, ...smallHeapArguments, ...args] : command;
  const child = spawn("/bin/sh", ["-c", script, "gate", ...own], {
    cwd,
    env: { ...smallHeapVariables, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const gate = child.stdio[3] as NodeJS.WritableStream;
  gate.on("error", () => {}); // the process ended before
  void reaper.watch(child).then(() => gate.end("\n"));
  return child;
}
