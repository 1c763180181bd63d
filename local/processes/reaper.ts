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

  /** A temporary folder that is removed when this process ends. */
  get temporaryFolder(): string {
    this.folder ??= mkdtempSync(join(tmpdir(), "platform-"));
    return this.folder;
  }

  /** Adds a child process to those that are killed. */
  watch(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined) return;
    this.pids.add(pid);
    child.once("exit", () => {
      this.pids.delete(pid);
      this.sendProcessGroups();
    });
    this.sendProcessGroups();
  }

  /** Kills the children that still run, and removes the folder. */
  async stop(): Promise<void> {
    const { shell } = this;
    if (shell === undefined || hasEnded(shell)) return;
    shell.ref();
    await new Promise((resolve) => {
      shell.once("exit", resolve);
      shell.stdin!.end();
    });
  }

  private sendProcessGroups(): void {
    // A shell that was killed is replaced; the new one gets the whole list.
    if (this.shell === undefined || hasEnded(this.shell)) this.shell = startShell(this.temporaryFolder);
    this.shell.stdin!.write(`${[...this.pids].map((pid) => -pid).join(" ")}\n`);
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
