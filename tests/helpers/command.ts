import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../graph/project-root";

const numbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 } as const;

/** How a process ended, as a shell says: 128 and the signal's number for one that a signal ended. */
export interface End {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A process of the command line whose descendants can be found, however they were started: all of them get its PATH. Its
 * temporary files and its state are in a folder of its own.
 */
export class Command {
  stdout = "";
  stderr = "";
  readonly child: ChildProcess;
  readonly ended: Promise<End>;
  private readonly mark = `/marked/${randomUUID()}`;

  /**
   * @param prefix  starts the command in another program, such as a shell with limits
   * @param root  of the project whose command it is
   */
  constructor(
    readonly folder: Folder,
    args: readonly string[],
    { prefix = [], root = projectRoot }: { readonly prefix?: readonly string[]; readonly root?: string } = {},
  ) {
    const [executable, ...rest] = [...prefix, process.execPath, join(root, "cli/platform.cjs"), ...args];
    this.child = spawn(executable!, rest, {
      cwd: root,
      env: { ...process.env, PATH: `${process.env["PATH"]}:${this.mark}`, TMPDIR: folder.temporary },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const name of ["stdout", "stderr"] as const) {
      this.child[name]!.setEncoding("utf8").on("data", (text: string) => {
        this[name] += text;
      });
    }
    this.ended = new Promise((resolve) => {
      this.child.on("close", (code, signal) => {
        const number = numbers[(signal ?? "SIGKILL") as keyof typeof numbers];
        resolve({ code: code ?? 128 + number, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Waits until stdout or stderr has a text. @throws {Error} when the process ends before, or it takes too long */
  async says(text: RegExp, milliseconds = 30_000): Promise<RegExpExecArray> {
    const deadline = Date.now() + milliseconds;
    for (;;) {
      const found = text.exec(this.stdout) ?? text.exec(this.stderr);
      if (found) return found;
      const { exitCode, signalCode } = this.child;
      if (Date.now() > deadline || exitCode !== null || signalCode !== null) {
        throw new Error(`did not say ${text}, exit code ${exitCode}:\n${this.stdout}${this.stderr}`);
      }
      await sleep(10);
    }
  }

  /** Interrupts it, as Ctrl-C does, and waits for its end. */
  async interrupt(): Promise<End> {
    this.child.kill("SIGINT");
    return this.ended;
  }

  /** Processes that run and that this one started, directly or not, and this one itself. */
  processes(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          // Of one that has ended and not been waited for, nothing is left to read.
          return readFileSync(`/proc/${pid}/environ`, "utf8").includes(this.mark);
        } catch {
          return false;
        }
      });
  }

  /** Waits until no process is left and returns the milliseconds it took. @throws {Error} when one is left */
  async gone(milliseconds = 10_000): Promise<number> {
    const startedAt = Date.now();
    for (;;) {
      const left = this.processes();
      const took = Date.now() - startedAt;
      if (left.length === 0) return took;
      if (took > milliseconds) throw new Error(`still run after ${took} ms: ${left.map(commandOf).join("; ")}`);
      await sleep(20);
    }
  }
}

function commandOf(pid: number): string {
  try {
    return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")}`;
  } catch {
    return String(pid);
  }
}

/** Folders of one test: the state of its platforms, and their temporary files. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), "command-"));
  readonly state = join(this.path, "state");
  readonly temporary = join(this.path, "tmp");

  constructor() {
    mkdirSync(this.temporary);
  }

  /** Files that a platform has left and that no platform should leave. */
  left(): string[] {
    return [...filesIn(this.state), ...filesIn(this.temporary)].filter((file) => !/platform\.log(\.1)?$/.test(file));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
