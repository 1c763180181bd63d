import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UserError } from "../../graph/user-error";
import { type Changes, sourceFiles } from "./tree";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A temporary copy of the sources, in which changes are tried. It is removed when this process ends. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), "platform-new-"));
  private child: ChildProcess | undefined;
  private readonly onExit = () => this.remove();
  private readonly onSignal = (signal: NodeJS.Signals) => {
    this.remove();
    process.kill(process.pid, signal); // no listener is left: the process ends as it would have without this one
  };

  constructor(root: string, changes: Changes) {
    process.once("exit", this.onExit);
    for (const signal of signals) process.once(signal, this.onSignal);
    for (const path of sourceFiles(root).filter((each) => !changes.has(each))) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      copyFileSync(join(root, path), join(this.folder, path));
    }
    for (const [path, text] of changes) {
      if (text === undefined) continue;
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
    // What is built in the copy need not be built again.
    mkdirSync(join(root, ".artifacts"), { recursive: true });
    for (const shared of ["node_modules", ".artifacts"]) symlinkSync(join(root, shared), join(this.folder, shared));
  }

  /**
   * Runs a script of the project in the copy.
   * @param failure  what it means that the script fails
   * @throws {UserError} with the last lines of its output, when it fails
   */
  async run(args: readonly string[], failure: string): Promise<void> {
    const child = spawn(process.execPath, args, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
    this.child = undefined;
    if (code !== 0) throw new UserError(`${failure}; nothing was changed:\n${lastLines(output)}`);
  }

  remove(): void {
    this.child?.kill("SIGKILL");
    process.removeListener("exit", this.onExit);
    for (const signal of signals) process.removeListener(signal, this.onSignal);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function lastLines(output: string): string {
  return output.trim().split("\n").slice(-15).join("\n");
}
