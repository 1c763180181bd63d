import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A shell script that reads lists of process groups and keeps the latest. When its input ends, which happens in every
 * case when this process ends, it kills the groups of that list and removes the folder. Signals of a terminal do not
 * reach it, as it has a session of its own.
 */
const script =
  'trap "" INT TERM HUP; while read -r line; do groups=$line; done; [ -z "$groups" ] || kill -s KILL -- $groups; rm -rf -- "$1"';

/** Ends all watched child processes when this process ends, even by SIGKILL. Children must be spawned `detached`. */
export class Reaper {
  private readonly pids = new Set<number>();
  private shell: ChildProcess | undefined;
  private folder: string | undefined;
  private stopped = false;

  /** A temporary folder that is removed when this process ends. */
  get temporaryFolder(): string {
    this.folder ??= mkdtempSync(join(tmpdir(), "platform-"));
    return this.folder;
  }

  /**
   * Adds a child process to those that are killed. One that starts after `stop` is killed at once.
   * @returns resolves when it would be killed even if this process were killed now
   */
  async watch(child: ChildProcess): Promise<void> {
    const { pid } = child;
    if (pid === undefined) return;
    if (this.stopped) {
      child.kill("SIGKILL");
      return;
    }
    this.pids.add(pid);
    child.once("exit", () => {
      this.pids.delete(pid);
      void this.sendProcessGroups();
    });
    await this.sendProcessGroups();
  }

  /** Kills the children that still run, and removes the folder. */
  async stop(): Promise<void> {
    this.stopped = true;
    const { shell } = this;
    if (shell === undefined || hasEnded(shell)) return;
    shell.ref();
    await new Promise((resolve) => {
      shell.once("exit", resolve);
      shell.stdin!.end();
    });
  }

  private sendProcessGroups(): Promise<void> {
    // Its input has ended.
    if (this.stopped) return Promise.resolve();
    // A shell that was killed is replaced; the new one gets the whole list.
    if (this.shell === undefined || hasEnded(this.shell)) this.shell = startShell(this.temporaryFolder);
    const { stdin } = this.shell;
    return new Promise((resolve) => stdin!.write(`${[...this.pids].map((pid) => -pid).join(" ")}\n`, () => resolve()));
  }
}

function startShell(folder: string): ChildProcess {
  const shell = spawn("/bin/sh", ["-c", script, "reaper", folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.stdin.on("error", () => {});
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return shell;
}

/** Tells whether a child process has ended. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
