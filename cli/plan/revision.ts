import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../graph/user-error";

/** A plan of the program as it was at a revision. */
export interface RevisionPlan {
  /** For people. @example "revision main (0123456789ab)" */
  readonly from: string;
  /** The document that `plan --json` printed there. */
  readonly document: string;
  /** Whether that revision asks for other packages than those that are installed, with which it was planned. */
  readonly otherPackages: boolean;
}

/**
 * Plans a stack as the program was at a revision: checks it out into a temporary folder, with the packages that are
 * installed here, and runs `plan --json` there. The folder is removed afterwards, and when the command is interrupted.
 * @param root  folder of Pulumi.yaml
 * @throws {UserError} one sentence, when there is no such revision or its plan fails
 */
export async function planRevision(root: string, stack: string, revision: string): Promise<RevisionPlan> {
  const commit = await commitOf(root, revision);
  const from = `revision ${revision} (${commit.slice(0, 12)})`;
  const workplace = new Workplace();
  try {
    const project = await checkOut(root, commit, workplace);
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    const document = await planIn(project, stack, from, workplace);
    const lock = (folder: string) => readFileSync(join(folder, "package-lock.json"), "utf8");
    return { from, document, otherPackages: lock(project) !== lock(root) };
  } finally {
    workplace.remove();
  }
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A temporary folder, and the process that works in it. Both end with this process, unless it is killed outright. */
class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), "platform-plan-"));
  private child: ChildProcess | undefined;
  private readonly onExit = () => this.remove();
  private readonly onSignal = (signal: NodeJS.Signals) => {
    this.remove();
    process.kill(process.pid, signal); // no listener is left: the process ends as it would have without this one
  };

  constructor() {
    process.once("exit", this.onExit);
    for (const signal of signals) process.once(signal, this.onSignal);
  }

  /** Takes over the process that works in the folder. */
  readonly run = (child: ChildProcess): void => {
    this.child = child;
  };

  remove(): void {
    this.child?.kill("SIGKILL");
    process.removeListener("exit", this.onExit);
    for (const signal of signals) process.removeListener(signal, this.onSignal);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function commitOf(root: string, revision: string): Promise<string> {
  const refused = { code: 1, stdout: "", stderr: "" }; // it would be an option of git
  const found = revision.startsWith("-")
    ? refused
    : await git(root, ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]);
  if (found.code === 0) return found.stdout.trim();
  if (found.code === "ENOENT")
    throw new UserError("--diff of a revision needs git, which is not installed; install it");
  throw new UserError(
    `--diff must name a file, or a revision that git knows here, got ${JSON.stringify(revision)}; see \`git log\`, or fetch it`,
  );
}

/**
 * Writes the files of a commit, with an index of their own: the work tree and the list of work trees stay as they are.
 * @returns the folder of Pulumi.yaml among them
 */
async function checkOut(root: string, commit: string, { folder, run }: Workplace): Promise<string> {
  const prefix = (await git(root, ["rev-parse", "--show-prefix"])).stdout.trim();
  const top = (await git(root, ["rev-parse", "--show-toplevel"])).stdout.trim();
  const files = join(folder, "files");
  const env = { ...process.env, GIT_INDEX_FILE: join(folder, "index") };
  for (const args of [
    ["read-tree", commit],
    ["checkout-index", "--all", `--prefix=${files}/`],
  ]) {
    const { code, stderr } = await git(top, args, { env, onStart: run });
    if (code !== 0) throw new UserError(`git ${args[0]} of ${commit} failed: ${stderr.trim()}`);
  }
  return join(files, prefix);
}

function planIn(project: string, stack: string, from: string, workplace: Workplace): Promise<string> {
  const command = join(project, "cli", "platform.cjs");
  if (!existsSync(command)) {
    throw new UserError(`${from} has no cli/platform.cjs, so that it cannot be planned; name a later revision`);
  }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, "plan", stack, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
    workplace.run(child);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", reject);
    // A mandatory finding makes the exit code 1, and the plan is whole.
    child.on("close", () =>
      stdout.trim() === ""
        ? reject(new UserError(`the plan of ${stack} at ${from} failed: ${stderr.trim()}; name another revision`))
        : resolve(stdout),
    );
  });
}

interface GitRun {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

interface GitOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly onStart?: (child: ChildProcess) => void;
}

function git(folder: string, args: readonly string[], { env, onStart }: GitOptions = {}): Promise<GitRun> {
  return new Promise((resolve) => {
    const child = execFile("git", ["-C", folder, ...args], { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
    onStart?.(child);
  });
}
