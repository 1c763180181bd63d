import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** A Pulumi command line. */
export interface EngineCli {
  readonly command: string;
  /** Folder of `pulumi-language-nodejs`; unset where only this project's own will do. */
  readonly languageHost?: string;
  /** Where it came from, for people. */
  readonly source: string;
}

/** tests/engine/cli/go.mod's; the oldest that will do from PATH. */
const OLDEST = "3.250.0";
/** The npm package that people run with `npx pulumi`; it downloads the command line of its own version. */
const vendor: { readonly version: string } = require("pulumi/package.json");
const COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VENDOR_TIMEOUT_MS = 300_000;

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Says what takes long. */
  readonly say: (line: string) => void;
}

type Env = Surroundings["env"];

interface Source {
  readonly version: string;
  readonly announcement: string;
  /** Below the folder that it fills. */
  readonly command: string;
  /** Makes the command in a folder. */
  readonly make: (target: string, env: Env) => void;
  readonly hasLanguageHost: boolean;
}

const sources: Readonly<Record<string, Source>> = {
  vendor: {
    version: vendor.version,
    announcement: "asking the vendor",
    command: `versions/${vendor.version}/bin/pulumi`,
    make: download,
    hasLanguageHost: true,
  },
  built: {
    version: OLDEST,
    announcement: "building from Go modules, which takes some minutes",
    command: "pulumi",
    make: build,
    hasLanguageHost: false,
  },
};

/**
 * Finds the engine: on PATH if its version fits, else kept from an earlier run, else from the vendor by the npm package
 * `pulumi`, else built from the Go modules that go.mod and go.sum pin. What is fetched or built is kept outside the tree.
 * @throws {Error} one sentence, when none of them works
 */
export function getCli({ env, say }: Surroundings = { env: process.env, say: console.error }): EngineCli {
  const own = onPath(env);
  if (own) return own;
  const folder = join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "platform-engine", pinned());
  const kept = Object.keys(sources).find((name) => existsSync(join(folder, name, sources[name]!.command)));
  if (kept) return cached(folder, kept);
  const failures: string[] = [];
  for (const [name, { version, announcement, command, make }] of Object.entries(sources)) {
    try {
      say(`Pulumi ${version}: ${announcement}`);
      install(join(folder, name), command, (target) => make(target, env));
      return cached(folder, name);
    } catch (error) {
      failures.push(`${name} (${reason(error)})`);
    }
  }
  throw new Error(
    `Pulumi ${OLDEST} or later is neither on PATH nor to be had: ${failures.join("; ")}; install it, or Go with a module proxy`,
  );
}

function onPath(env: Env): EngineCli | undefined {
  // npm puts its packages' commands on PATH; the one of `pulumi` is a downloader.
  const folders = (env["PATH"] ?? "").split(delimiter).filter((each) => !each.includes("node_modules"));
  const having = (name: string) => folders.find((each) => existsSync(join(each, name)));
  const [folder, languageHost] = [having("pulumi"), having("pulumi-language-nodejs")];
  if (folder === undefined) return undefined;
  const command = join(folder, "pulumi");
  const version = versionOf(command, env);
  if (version === undefined || !fits(version)) return undefined;
  return { command, source: `PATH: ${command} ${version}`, ...(languageHost ? { languageHost } : {}) };
}

/** Unset for what does not run. */
function versionOf(command: string, env: Env): string | undefined {
  const { error, stdout } = spawnSync(command, ["version"], { encoding: "utf8", env: { ...env } as NodeJS.ProcessEnv });
  return error ? undefined : stdout.trim();
}

/** Of the same major version, and not older. */
function fits(version: string): boolean {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  const [wantedMajor, wantedMinor] = OLDEST.split(".").map(Number);
  return major === wantedMajor && minor! >= wantedMinor!;
}

function cached(folder: string, name: string): EngineCli {
  const { command: path, version, hasLanguageHost } = sources[name]!;
  const command = join(folder, name, path);
  const host = hasLanguageHost ? { languageHost: dirname(command) } : {};
  return { command, source: `${name}: ${command} v${version}`, ...host };
}

/** Changes with what is pinned, and with the machine. */
function pinned(): string {
  const hash = createHash("sha256").update(`${vendor.version} ${process.platform} ${process.arch}`);
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(__dirname, file)));
  return hash.digest("hex").slice(0, 16);
}

/** Whole or not at all, however many runs install at a time. */
function install(home: string, command: string, make: (target: string) => void): void {
  mkdirSync(dirname(home), { recursive: true });
  const target = mkdtempSync(`${home}-`);
  try {
    make(target);
    if (!existsSync(join(target, command))) throw new Error("made no executable");
    if (!existsSync(home)) renameSync(target, home);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

function download(target: string, env: Env): void {
  run(process.execPath, [require.resolve("pulumi/run.js"), "version"], { ...env, PULUMI_HOME: target });
}

function build(target: string, env: Env): void {
  const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${OLDEST}`;
  const flags = ["-mod=readonly", "-trimpath", "-ldflags", stamp, "-o", join(target, "pulumi")];
  run("go", ["build", "-C", __dirname, ...flags, COMMAND], env);
}

function run(command: string, args: readonly string[], env: Env): void {
  execFileSync(command, args, {
    env: { ...env } as NodeJS.ProcessEnv,
    stdio: ["ignore", "ignore", "pipe"],
    ...(command === "go" ? {} : { timeout: VENDOR_TIMEOUT_MS }),
  });
}

function reason(error: unknown): string {
  const { stderr, message } = error as { stderr?: Buffer; message: string };
  const lines = String(stderr ?? "")
    .trim()
    .split("\n");
  return lines.at(-1) || message;
}

if (require.main === module) console.log(getCli().source);
