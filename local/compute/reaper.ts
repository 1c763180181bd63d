import { type ChildProcess, spawn } from "node:child_process";

/**
 * Keeps the latest list of process groups it was told; when its input ends, which it does however this process ends,
 * it kills what is on the list. Signals of a terminal do not reach it: it has a session of its own.
 */
const script =
  'trap "" INT TERM HUP; while read -r line; do groups=$line; done; [ -z "$groups" ] || kill -s KILL -- $groups';

/** Makes sure that no child outlives this process, killed or not. Children must be spawned `detached`, as groups. */
export class Reaper {
  private readonly pids = new Set<number>();
  private readonly shell = spawn("/bin/sh", ["-c", script], { detached: true, stdio: ["pipe", "ignore", "ignore"] });

  constructor() {
    // It ended before us: somebody killed it. Its last act is nothing to report.
    this.shell.stdin.on("error", () => {});
    this.shell.unref();
    (this.shell.stdin as unknown as { unref(): void }).unref();
  }

  watch(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined) return;
    this.pids.add(pid);
    child.once("exit", () => {
      this.pids.delete(pid);
      this.tell();
    });
    this.tell();
  }

  /** Kills what is left. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      if (this.shell.exitCode !== null || this.shell.signalCode !== null) return resolve();
      this.shell.ref();
      this.shell.once("exit", () => resolve());
      this.shell.stdin.end();
    });
  }

  private tell(): void {
    if (this.shell.stdin.writable) this.shell.stdin.write(`${[...this.pids].map((pid) => -pid).join(" ")}\n`);
  }
}
