import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Keeps the latest list of process groups it was told; when its input ends, which it does however this process ends,
 * it kills what is on the list and removes the folder. Signals of a terminal do not reach it: it has a session of its own.
 */
const script =
  'trap "" INT TERM HUP; while read -r line; do groups=$line; done; [ -z "$groups" ] || kill -s KILL -- $groups; rm -rf -- "$1"';

/** Makes sure that nothing outlives this process, killed or not. Children must be spawned `detached`, as groups. */
export class Reaper {
  private readonly pids = new Set<number>();
  private shell: ChildProcess | undefined;
  private folder: string | undefined;

  /** A folder that lives as long as the children do. */
  get scratch(): string {
    this.folder ??= mkdtempSync(join(tmpdir(), "platform-"));
    return this.folder;
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

  /** Kills what is left, and removes the folder. */
  async stop(): Promise<void> {
    const { shell } = this;
    if (shell === undefined || ended(shell)) return;
    shell.ref();
    await new Promise((resolve) => {
      shell.once("exit", resolve);
      shell.stdin!.end();
    });
  }

  private tell(): void {
    // A successor, should somebody have killed it, is told everything.
    if (this.shell === undefined || ended(this.shell)) this.shell = startShell(this.scratch);
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

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
