import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCli } from "../cli/get";
import { type Said, said } from "../helpers/said";

const TIMEOUT_MS = 60_000;
const cli = getCli();

/** A folder with a project that has no program yet, for what the real command line does without one. */
export class Workplace {
  private readonly folder = mkdtempSync(join(tmpdir(), "platform-backend-"));
  private readonly running = new Set<ReturnType<typeof spawn>>();

  /** @param env  that finds the account's services; nothing else of an account reaches the command line */
  constructor(private readonly env: Readonly<Record<string, string>>) {
    this.write("Pulumi.yaml", "name: probe\nruntime: nodejs\n");
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  write(file: string, text: string): void {
    writeFileSync(this.path(file), text);
  }

  run(...args: string[]): Promise<Said> {
    return this.start(...args).done;
  }

  /** The arguments after `pulumi`. */
  start(...args: string[]): { readonly pid: number; readonly done: Promise<Said>; kill(): void } {
    const home = { HOME: this.folder, PULUMI_HOME: this.path(".home"), PULUMI_SKIP_UPDATE_CHECK: "true" };
    const child = spawn(cli.command, [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: { PATH: process.env["PATH"], ...home, ...this.env },
      timeout: TIMEOUT_MS,
    });
    this.running.add(child);
    const done = said(child).finally(() => this.running.delete(child));
    return { pid: child.pid!, done, kill: () => void child.kill("SIGKILL") };
  }

  close(): void {
    for (const child of this.running) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
