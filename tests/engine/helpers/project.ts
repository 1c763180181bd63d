import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../../graph/project-root";
import { withDefaults } from "../../helpers/configuration";
import { getCli } from "../cli/get";
import { writeLanguageHost } from "../cli/host";
import { Cloud } from "../provider/cloud";
import { type StandIn, standIn } from "../provider/server";
import { type EngineEvent, readEvents } from "./events";
import { type Said, said } from "./said";

export interface Result extends Said {
  readonly events: readonly EngineEvent[];
}

export interface Settings {
  /**
   * Writes the state after every step, as the engine does for people, instead of once at the end: two thirds of the
   * time that a first prod takes. For tests of what breaks off.
   */
  readonly checkpoints?: boolean;
  /**
   * Leaves the sources to ts-node, which compiles them at every run, as it does for people; else they are compiled
   * once, a file each, which saves a quarter of a run.
   */
  readonly asCommitted?: boolean;
  /** Leaves the names of the example, which no deployment takes; the test sets its own, as the README says. */
  readonly exampleNames?: boolean;
  /** Environment of its own; unset takes away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Long enough for prod on a busy machine; nothing here takes a tenth of it. */
const TIMEOUT_MS = 600_000;
const cli = getCli();
const FOLDERS = ["account", "apps", "cli", "contracts", "graph", "infra", "local", "policy", "stacks", "verify"];
const FILES = [
  "Pulumi.yaml",
  "Pulumi.dev.yaml",
  "Pulumi.prod.yaml",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];
const PARTS = [...FOLDERS, ...FILES, ".gitignore"];
/** The SDK formats a stack for every promise, a fifth of a run, which nobody reads here. */
const NO_STACKS = "--stack-trace-limit=0";
/** And it loads a compiler that it never uses. */
const DEFERRED = `--require ${JSON.stringify(join(projectRoot, "cli/deferred.cjs"))}`;
const NAMESPACE = "platform:";
const PLUGINS = join(__dirname, "../provider/plugins");

/**
 * A copy of this project in a folder of its own, with a state and a cloud of its own, that the real engine runs. The
 * copy's Pulumi.yaml says that the providers are the stand-ins, and its environments have names below example.org, as a
 * deployment refuses those below example.com; all else is as committed.
 */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "platform-engine-"));
  private readonly running = new Set<ReturnType<typeof spawn>>();

  private constructor(
    readonly cloud: Cloud,
    private readonly provider: StandIn,
    private readonly settings: Settings,
  ) {
    for (const part of PARTS) cpSync(join(projectRoot, part), join(this.folder, part), { recursive: true });
    symlinkSync(join(projectRoot, "node_modules"), join(this.folder, "node_modules"));
    // Packages of services in Python, which are fetched once.
    const packages = ".cache/python-packages";
    for (const root of [projectRoot, this.folder]) mkdirSync(join(root, ".cache"), { recursive: true });
    mkdirSync(join(projectRoot, packages), { recursive: true });
    symlinkSync(join(projectRoot, packages), join(this.folder, packages));
    const providers = ["aws", "awsx", "docker-build"].map((name) => ({ name, path: join(PLUGINS, name) }));
    for (const file of ["Pulumi.yaml", "account/Pulumi.yaml"]) {
      this.write(file, stringify({ ...parse(this.read(file)), plugins: { providers } }));
    }
    if (!settings.exampleNames) this.setNames();
    if (!settings.asCommitted) this.compileAll();
    mkdirSync(join(this.folder, ".state"));
    // Also when the test is interrupted.
    process.once("exit", this.close);
    mkdirSync(join(this.folder, ".bin"));
    if (cli.languageHost === undefined) writeLanguageHost(join(this.folder, ".bin"));
  }

  static async make(settings: Settings = {}): Promise<Project> {
    const cloud = new Cloud();
    return new Project(cloud, await standIn(cloud), settings);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
    if (file.endsWith(".ts") && !this.settings.asCommitted) this.compile([file]);
  }

  /** Sets names of its own, without which `pulumi up` is refused. */
  private setNames(): void {
    for (const file of ["Pulumi.dev.yaml", "Pulumi.prod.yaml"]) {
      this.write(file, this.read(file).replaceAll("example.com", "example.org"));
    }
  }

  /** Leaves ts-node nothing to do. */
  compileAll(): void {
    const settings = parse(this.read("Pulumi.yaml"));
    const options = { ...settings.runtime.options, typescript: false };
    this.write("Pulumi.yaml", stringify({ ...settings, main: "index.js", runtime: { name: "nodejs", options } }));
    // Below the root, as its folder is where a program runs.
    this.write("index.js", 'module.exports = require("./stacks");\n');
    const sources = ["apps", "infra", "policy", "stacks"].flatMap((folder) =>
      readdirSync(join(this.folder, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
    );
    this.compile(sources.filter((file) => file.endsWith(".ts")));
  }

  private compile(files: readonly string[]): void {
    const entryPoints = files.map((file) => join(this.folder, file));
    const folders = { outdir: this.folder, outbase: this.folder };
    buildSync({ entryPoints, ...folders, platform: "node", format: "cjs", target: "node20", logLevel: "error" });
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** Replaces text of a file. @throws when it is not there, exactly once */
  edit(file: string, from: string, to: string): void {
    const text = this.read(file);
    if (text.split(from).length !== 2) throw new Error(`${file} must have ${JSON.stringify(from)} once`);
    this.write(
      file,
      text.replace(from, () => to),
    );
  }

  /**
   * Changes the configuration of an environment, with every default written out, so that a change may be of any value.
   * No key of another namespace is lost.
   */
  configure(environment: string, change: (config: Record<string, any>) => void): void {
    const file = `Pulumi.${environment}.yaml`;
    const settings = parse(this.read(file));
    const own = Object.entries(settings.config).filter(([key]) => key.startsWith(NAMESPACE));
    const written = withDefaults(Object.fromEntries(own.map(([key, value]) => [key.slice(NAMESPACE.length), value])));
    for (const [key, value] of Object.entries(written)) settings.config[`${NAMESPACE}${key}`] = value;
    change(settings.config);
    this.write(file, stringify(settings));
  }

  /** Everything the backend keeps, as text. */
  state(stack: string): string {
    return this.read(`.state/.pulumi/stacks/platform/${stack}.json`);
  }

  /** The resources that the state has. */
  resources(stack: string): readonly { readonly urn: string; readonly id?: string }[] {
    return JSON.parse(this.state(stack)).checkpoint.latest?.resources ?? [];
  }

  /** The creations that were under way when the engine died. */
  pending(stack: string): readonly { readonly urn: string; readonly type: string; readonly inputs: any }[] {
    const operations = JSON.parse(this.state(stack)).checkpoint.latest?.pending_operations ?? [];
    return operations.map(({ resource }: { resource: any }) => resource);
  }

  /** The arguments after `pulumi`. Never asks; `--yes` is the caller's. */
  async run(...args: string[]): Promise<Result> {
    return (await this.start(...args)).done;
  }

  start(...args: string[]): { readonly done: Promise<Result>; kill(): void } {
    const log = join(this.folder, `.events-${Math.random().toString(36).slice(2)}`);
    const takesLog = ["up", "preview", "destroy", "refresh"].includes(args[0]!);
    const all = [...args, "--non-interactive", "--color", "never", ...(takesLog ? ["--event-log", log] : [])];
    return this.spawn(cli.command, all, () => (takesLog ? readEvents(log) : []));
  }

  /** Runs commands as people type them; whatever asks, is told yes. */
  shell(script: string): Promise<Result> {
    return this.spawn("bash", ["--norc", "-euo", "pipefail", "-c", script], () => []).done;
  }

  private spawn(command: string, args: readonly string[], events: () => EngineEvent[]) {
    const child = spawn(command, args, { cwd: this.folder, env: this.env(), detached: true, timeout: TIMEOUT_MS });
    this.running.add(child);
    const done = said(child).then((result) => {
      this.running.delete(child);
      return { ...result, events: events() };
    });
    return { done, kill: () => killGroup(child) };
  }

  readonly close = (): void => {
    process.off("exit", this.close);
    for (const child of this.running) killGroup(child);
    this.provider.close();
    rmSync(this.folder, { recursive: true, force: true });
  };

  /** Nothing of an account, a home or a login reaches the engine. */
  private env(): NodeJS.ProcessEnv {
    const own = [dirname(cli.command), cli.languageHost ?? join(this.folder, ".bin")];
    return {
      PATH: [...own, process.env["PATH"]].join(delimiter),
      HOME: this.folder,
      TMPDIR: tmpdir(),
      PULUMI_HOME: join(this.folder, ".home"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, ".state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_SKIP_CONFIRMATIONS: "true",
      PULUMI_DEBUG_COMMANDS: "true",
      PLATFORM_IN_EFFECT_SECONDS: "0",
      NODE_OPTIONS: [NO_STACKS, ...(this.settings.asCommitted ? [] : [DEFERRED])].join(" "),
      // The type check is the business of `npm run types`.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      ...(this.settings.checkpoints ? {} : { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" }),
      ...this.provider.env,
      ...this.settings.env,
    };
  }
}

/** As the machine going down: the engine and all it started. */
function killGroup(child: ReturnType<typeof spawn>): void {
  try {
    process.kill(-child.pid!, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
