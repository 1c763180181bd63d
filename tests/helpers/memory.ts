import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Proportional memory of a process in megabytes: its own pages, and its part of those that it shares.
 * @see https://www.kernel.org/doc/html/latest/filesystems/proc.html
 */
export function memoryOf(pid: number): number {
  const found = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return Number(found?.[1] ?? 0) / 1_024;
}

/** What a command is for people: `server.cjs`, `function-runtime.cjs`, `dynalite.cjs`, the shell of the reaper. */
export function kindOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  return words.map((word) => /[\w-]+\.cjs$/.exec(word)?.[0]).find(Boolean) ?? words[0]!.split("/").at(-1)!;
}

/** A Node.js process that does nothing: what Node.js itself takes on this machine, next to as many others. */
export class BareNode {
  private readonly child: ChildProcess = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], {
    stdio: "ignore",
  });

  get megabytes(): number {
    return memoryOf(this.child.pid!);
  }

  end(): void {
    this.child.kill("SIGKILL");
  }
}
