import { readFileSync } from "node:fs";

/** What a process has used. */
export interface Usage {
  /** Since its start, in user and system mode. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Linux counts the time of processes in hundredths of a second on every architecture that Node.js runs on. */
const ticksPerSecond = 100;
/** Places of the words after the name of the program, as proc(5) numbers them less three. */
const words = { user: 11, system: 12, residentPages: 21 };
let bytesPerPage: number | undefined;

/** Returns what a process has used, by one read of /proc; undefined when it has ended, or on a machine without /proc. */
export function usageOf(pid: number): Usage | undefined {
  const found = statOf(pid);
  if (found === undefined) return undefined;
  bytesPerPage ??= pageSize();
  return {
    cpuSeconds: (found[words.user]! + found[words.system]!) / ticksPerSecond,
    residentBytes: found[words.residentPages]! * bytesPerPage,
  };
}

function statOf(pid: number): number[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name may have spaces and parentheses itself.
    return text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
  } catch {
    return undefined;
  }
}

/** The kernel's page size is a power of two; this process knows its own memory in bytes. */
function pageSize(): number {
  const pages = statOf(process.pid)?.[words.residentPages] ?? 1;
  return 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages));
}
