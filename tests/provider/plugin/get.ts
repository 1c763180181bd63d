import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { constants, homedir, setPriority } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** An executable of the Terraform AWS provider. */
export interface PluginExecutable {
  readonly command: string;
  /** Where it came from and its version, for people. */
  readonly source: string;
}

/** What a search for the provider depends on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Says what takes long. */
  readonly say: (line: string) => void;
}

type Env = Surroundings["env"];

const MODULE = "github.com/hashicorp/terraform-provider-aws";
const EXECUTABLE = "terraform-provider-aws";
/** The release that the pinned module became; what Terraform itself is asked for. */
const RELEASE = "6.48.0";
const MAJOR = "6";
const VENDOR_TIMEOUT_MS = 300_000;
const PROGRESS_MS = 60_000;
/** Two compilers at a time need up to 6 GB; more of them, more. */
const COMPILERS = "2";

const sources: readonly {
  readonly name: string;
  readonly version: () => string;
  readonly announcement: string;
  readonly make: (target: string, surroundings: Surroundings) => Promise<void>;
}[] = [
  { name: "vendor", version: () => RELEASE, announcement: "asking Terraform for the vendor's", make: download },
  {
    name: "built",
    version: () => pinnedVersion(),
    announcement: "building it from Go modules, once, which takes tens of minutes and up to 6 GB of memory",
    make: build,
  },
];

/**
 * Finds the provider: on PATH, else kept from an earlier run, else the vendor's by way of an installed `terraform`, else
 * built from the Go module that go.mod and go.sum pin. What is fetched or built is kept outside the tree.
 * @throws {Error} one sentence, when none of them works
 */
export async function getPlugin(surroundings: Surroundings = { env: process.env, say: console.error }) {
  const { env, say } = surroundings;
  const own = onPath(env);
  if (own) return own;
  const folder = cacheFolder(env);
  const failures: string[] = [];
  for (const { name, version } of sources) {
    const command = join(folder, name, EXECUTABLE);
    if (existsSync(command)) return { command, source: `${name}: ${command} ${version()}` };
  }
  for (const { name, version, announcement, make } of sources) {
    const command = join(folder, name, EXECUTABLE);
    try {
      say(`AWS provider ${version()}: ${announcement}`);
      await install(dirname(command), (target) => make(target, surroundings));
      return { command, source: `${name}: ${command} ${version()}` };
    } catch (error) {
      failures.push(`${name} (${reason(error)})`);
    }
  }
  throw new Error(
    `${EXECUTABLE} ${MAJOR} is neither on PATH nor to be had: ${failures.join("; ")}; install Terraform, or Go with a module proxy`,
  );
}

/** Terraform installs it under a name with its version: `terraform-provider-aws_v6.48.0_x5`. */
function onPath(env: Env): PluginExecutable | undefined {
  for (const folder of (env["PATH"] ?? "").split(delimiter).filter((each) => existsSync(each))) {
    const name = readdirSync(folder).find((file) => file === EXECUTABLE || file.startsWith(`${EXECUTABLE}_v${MAJOR}.`));
    if (name !== undefined) return { command: join(folder, name), source: `PATH: ${join(folder, name)}` };
  }
  return undefined;
}

/** Changes with what is pinned, and with the machine. */
export function cacheFolder(env: Env): string {
  const hash = createHash("sha256").update(`${RELEASE} ${process.platform} ${process.arch}`);
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(__dirname, file)));
  const base = env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(base, "platform-provider", hash.digest("hex").slice(0, 16));
}

function pinnedVersion(): string {
  const file = readFileSync(join(__dirname, "go.mod"), "utf8");
  return new RegExp(`${MODULE} (v\\S+)`).exec(file)?.[1] ?? "";
}

/** Whole or not at all, however many runs install at a time. */
async function install(home: string, make: (target: string) => Promise<void>): Promise<void> {
  mkdirSync(dirname(home), { recursive: true });
  const target = mkdtempSync(`${home}-`);
  try {
    await make(target);
    if (!existsSync(join(target, EXECUTABLE))) throw new Error("made no executable");
    if (!existsSync(home)) renameSync(target, home);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

/** Terraform downloads and verifies the provider. */
async function download(target: string, { env }: Surroundings): Promise<void> {
  const work = join(target, "work");
  mkdirSync(work);
  const requirement = { aws: { source: "hashicorp/aws", version: RELEASE } };
  writeFileSync(join(work, "main.tf.json"), JSON.stringify({ terraform: { required_providers: requirement } }));
  execFileSync("terraform", [`-chdir=${work}`, "init", "-backend=false", "-input=false", "-no-color"], {
    env: { ...env, CHECKPOINT_DISABLE: "1" } as NodeJS.ProcessEnv,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: VENDOR_TIMEOUT_MS,
  });
  const files = readdirSync(work, { recursive: true, encoding: "utf8" });
  const executable = files.find((file) => file.split("/").at(-1)!.startsWith(`${EXECUTABLE}_v`));
  if (executable === undefined) throw new Error("terraform brought no provider");
  copyFileSync(join(work, executable), join(target, EXECUTABLE));
}

/** Compiles in the background of everything else, and says every minute how far it is. */
function build(target: string, { env, say }: Surroundings): Promise<void> {
  const flags = ["-mod=readonly", "-trimpath", "-ldflags", "-s -w", "-p", COMPILERS, "-v"];
  const args = ["build", "-C", __dirname, ...flags, "-o", join(target, EXECUTABLE), MODULE];
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, { env: { ...env } as NodeJS.ProcessEnv, stdio: ["ignore", "ignore", "pipe"] });
    let [compiled, tail] = [0, ""];
    const startedAt = Date.now();
    const timer = setInterval(() => {
      const minutes = Math.round((Date.now() - startedAt) / PROGRESS_MS);
      say(`AWS provider: ${minutes} min, ${compiled} of about 2000 packages compiled`);
    }, PROGRESS_MS);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      compiled += text.split("\n").length - 1;
      tail = (tail + text).slice(-2_000);
    });
    child.on("error", (error) => end(error));
    child.on("close", (code) =>
      end(code === 0 ? undefined : Object.assign(new Error(`code ${code}`), { stderr: tail })),
    );
    const end = (error: Error | undefined) => {
      clearInterval(timer);
      error ? reject(error) : resolve();
    };
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  });
}

function reason(error: unknown): string {
  const { stderr, message } = error as { stderr?: Buffer | string; message: string };
  const lines = String(stderr ?? "")
    .trim()
    .split("\n");
  return lines.at(-1) || message;
}

if (require.main === module) {
  getPlugin().then(
    ({ source }) => console.log(source),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
