import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** A Pulumi command line and the language host for Node that goes with it. */
export interface EngineCli {
  readonly command: string;
  /** Goes before PATH, so that the engine finds the language host. */
  readonly path: string;
  /** Where it came from, for people. */
  readonly source: string;
}

/** tests/engine/cli/go.mod's; the oldest that will do from PATH. */
const VERSION = "3.250.0";
const COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VENDOR_TIMEOUT_SECONDS = 120;

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Says what takes long. */
  readonly say: (line: string) => void;
}

const makers = { vendor: download, built: build } as const;
type Source = keyof typeof makers;
type Env = Surroundings["env"];

/**
 * Finds the engine: on PATH if its version fits, else kept from an earlier run, else from the vendor, else built from
 * the Go modules that go.mod and go.sum pin. What is fetched or built is kept outside the tree.
 * @throws {Error} one sentence, when none of them works
 */
export function getCli({ env, say }: Surroundings = { env: process.env, say: console.error }): EngineCli {
  const own = onPath(env);
  if (own) return own;
  const folder = join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "platform-engine", pinned());
  const sources = Object.keys(makers) as Source[];
  const kept = sources.find((source) => existsSync(join(folder, source, "pulumi")));
  if (kept) return cached(folder, kept);
  const failures: string[] = [];
  for (const source of sources) {
    try {
      say(`Pulumi ${VERSION}: ${source === "vendor" ? "asking the vendor" : "building, which takes some minutes"}`);
      install(join(folder, source), (target) => makers[source](target, env));
      return cached(folder, source);
    } catch (error) {
      failures.push(`${source} (${reason(error)})`);
    }
  }
  throw new Error(
    `Pulumi ${VERSION} or later is neither on PATH nor to be had: ${failures.join("; ")}; install it, or Go with a module proxy`,
  );
}

function onPath(env: Env): EngineCli | undefined {
  const folders = (env["PATH"] ?? "").split(delimiter);
  const folder = folders.find((each) => existsSync(join(each, "pulumi")));
  if (folder === undefined || !folders.some((each) => existsSync(join(each, "pulumi-language-nodejs"))))
    return undefined;
  const command = join(folder, "pulumi");
  const version = execFileSync(command, ["version"], { encoding: "utf8", env: { ...env } as NodeJS.ProcessEnv }).trim();
  return fits(version) ? { command, path: folder, source: `PATH: ${command} ${version}` } : undefined;
}

/** Of the same major version, and not older. */
function fits(version: string): boolean {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  const [wantedMajor, wantedMinor] = VERSION.split(".").map(Number);
  return major === wantedMajor && minor! >= wantedMinor!;
}

/** The vendor's archive has a language host; what is built uses this project's. */
function cached(folder: string, source: Source): EngineCli {
  const home = join(folder, source);
  const path = source === "vendor" ? home : [home, join(__dirname, "host")].join(delimiter);
  return { command: join(home, "pulumi"), path, source: `${source}: ${join(home, "pulumi")} v${VERSION}` };
}

/** Changes with what is pinned, and with the machine. */
function pinned(): string {
  const hash = createHash("sha256").update(`${VERSION} ${process.platform} ${process.arch}`);
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(__dirname, file)));
  return hash.digest("hex").slice(0, 16);
}

/** Whole or not at all, however many runs install at a time. */
function install(home: string, make: (target: string) => void): void {
  mkdirSync(dirname(home), { recursive: true });
  const target = mkdtempSync(`${home}-`);
  try {
    make(target);
    if (!existsSync(join(target, "pulumi"))) throw new Error("made no executable");
    if (!existsSync(home)) renameSync(target, home);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

function download(target: string, env: Env): void {
  const base = env["PULUMI_RELEASES"] ?? "https://get.pulumi.com/releases/sdk";
  const cpu = process.arch === "x64" ? "x64" : "arm64";
  const url = `${base}/pulumi-v${VERSION}-${process.platform}-${cpu}.tar.gz`;
  const archive = join(target, "archive.tar.gz");
  const limits = ["--connect-timeout", "10", "--max-time", String(VENDOR_TIMEOUT_SECONDS)];
  run("curl", ["--fail", "--silent", "--show-error", "--location", ...limits, "--output", archive, url], env);
  run("tar", ["--extract", "--gzip", "--file", archive, "--directory", target, "--strip-components", "1"], env);
  rmSync(archive);
}

function build(target: string, env: Env): void {
  const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${VERSION}`;
  const flags = ["-mod=readonly", "-trimpath", "-ldflags", stamp, "-o", join(target, "pulumi")];
  run("go", ["build", "-C", __dirname, ...flags, COMMAND], env);
}

function run(command: string, args: readonly string[], env: Env): void {
  execFileSync(command, args, { env: { ...env } as NodeJS.ProcessEnv, stdio: ["ignore", "ignore", "pipe"] });
}

function reason(error: unknown): string {
  const { stderr, message } = error as { stderr?: Buffer; message: string };
  const lines = String(stderr ?? "")
    .trim()
    .split("\n");
  return lines.at(-1) || message;
}

if (require.main === module) console.log(getCli().source);
