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
  private shell: ChildProcess | undefined;

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
    if (this.shell === undefined || ended(this.shell)) this.shell = startShell();
    this.shell.stdin!.write(`${[...this.pids].map((pid) => -pid).join(" ")}\n`);
  }
}

function startShell(): ChildProcess {
  const shell = spawn("/bin/sh", ["-c", script], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  shell.stdin.on("error", () => {});
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return shell;
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
