import { readdirSync, readFileSync } from "node:fs";
import { memoryOf } from "../../tests/helpers/memory";

/** Hundredths of a second, as Linux counts processor time for programs on every machine of today. */
const ticksPerSecond = 100;

interface Entry {
  readonly parent: number;
  readonly ticks: number;
}

/** What the processes of a system use. */
export interface Use {
  /** Processor time since they started, in seconds. */
  readonly cpuSeconds: number;
  /** Proportional memory. */
  readonly megabytes: number;
}

/** Returns what a process and all that it started use, directly or not. */
export function useOf(root: number): Use {
  const entries = readProcesses();
  const pids = [root];
  for (const pid of pids) for (const [child, { parent }] of entries) if (parent === pid) pids.push(child);
  let [ticks, megabytes] = [0, 0];
  for (const pid of pids) {
    ticks += entries.get(pid)?.ticks ?? 0;
    try {
      megabytes += memoryOf(pid);
    } catch {
      // It ended meanwhile.
    }
  }
  return { cpuSeconds: ticks / ticksPerSecond, megabytes };
}

/** Processor time includes that of children that have ended and were waited for. */
function readProcesses(): ReadonlyMap<number, Entry> {
  const entries = new Map<number, Entry>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // The second field is a name in brackets, which may have spaces.
      const fields = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
      const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
      entries.set(Number(name), { parent: Number(fields[1]), ticks });
    } catch {
      // It ended meanwhile.
    }
  }
  return entries;
}
