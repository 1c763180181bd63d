import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { projectRoot } from "../../../graph/project-root";
import { getCli } from "../cli/get";
import { writeLanguageHost } from "../cli/host";
import { Cloud } from "../provider/cloud";
import { type StandIn, standIn } from "../provider/server";
import { type EngineEvent, readEvents } from "./events";
import { type Said, said } from "./said";

const cli = getCli();
const TIMEOUT_MS = 600_000;

/**
 * Unpacks what `npm install` is given, as a package of the project, without asking a registry: the packages that it
 * needs are there already. Everything else is npm's own.
 */
const npm = (own: string) => `#!/usr/bin/env bash
set -euo pipefail
if [ "$1" != install ]; then exec ${JSON.stringify(own)} "$@"; fi
folder=node_modules/platform-policy
mkdir -p "$folder"
tar --extract --gzip --strip-components 1 --directory "$folder" --file "\${@: -1}"
ln -s ../platform-policy/index/check/main.js node_modules/.bin/platform-policy
`;

/** A Pulumi project in a folder outside this repository, with a state and a cloud of its own. */
export class Outside {
  readonly folder = mkdtempSync(join(tmpdir(), "outside-"));

  private constructor(
    readonly cloud: Cloud,
    private readonly provider: StandIn,
    program: string,
  ) {
    this.linkPackages();
    const plugin = join(__dirname, "../provider/plugins/aws");
    const plugins = `plugins:\n  providers:\n    - name: aws\n      path: ${plugin}\n`;
    this.write("Pulumi.yaml", `name: shop\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n${plugins}`);
    this.write("package.json", JSON.stringify({ name: "shop", version: "1.0.0", main: "index.js" }));
    this.write("index.js", program);
    mkdirSync(join(this.folder, ".state"));
    this.tools();
    process.once("exit", this.close);
  }

  static async make(program: string): Promise<Outside> {
    const cloud = new Cloud();
    return new Outside(cloud, await standIn(cloud), program);
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** Makes a copy of the pack's sources with what a clone has around them. @returns its folder */
  clone(): string {
    const clone = join(this.folder, ".clone");
    mkdirSync(clone);
    for (const part of ["policy", "LICENSE"]) cpSync(join(projectRoot, part), join(clone, part), { recursive: true });
    symlinkSync(join(projectRoot, "node_modules"), join(clone, "node_modules"));
    return clone;
  }

  /** Runs a script in a folder; `pulumi preview` in it writes what the engine did to a log. */
  async shell(script: string, folder = this.folder): Promise<Said & { readonly events: readonly EngineEvent[] }> {
    const log = join(this.folder, `.events-${Math.random().toString(36).slice(2)}`);
    const logged = script.replace(/pulumi (preview|up)\b/g, `pulumi $1 --event-log ${log}`);
    const args = ["--norc", "-euo", "pipefail", "-c", logged];
    const child = spawn("bash", args, {
      cwd: folder,
      env: this.env(),
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIMEOUT_MS,
    });
    const result = await said(child);
    return { ...result, events: readEvents(log) };
  }

  readonly close = (): void => {
    process.off("exit", this.close);
    this.provider.close();
    rmSync(this.folder, { recursive: true, force: true });
  };

  /** A folder of its own, so that a package can be added, with the packages that this repository has. */
  private linkPackages(): void {
    const from = join(projectRoot, "node_modules");
    const to = join(this.folder, "node_modules");
    mkdirSync(join(to, ".bin"), { recursive: true });
    for (const name of readdirSync(from).filter((one) => !one.startsWith(".")))
      symlinkSync(join(from, name), join(to, name));
    symlinkSync(join(from, ".bin/pulumi"), join(to, ".bin/pulumi"));
  }

  /** Puts the commands where a terminal finds them: the engine, its language host, and npm. */
  private tools(): void {
    const folder = join(this.folder, ".bin");
    mkdirSync(folder);
    if (cli.languageHost === undefined) writeLanguageHost(folder);
    const own = spawnSync("bash", ["-c", "command -v npm"], { encoding: "utf8" }).stdout.trim();
    writeFileSync(join(folder, "npm"), npm(own));
    chmodSync(join(folder, "npm"), 0o755);
    const { version } = require("pulumi/package.json");
    const kept = join(this.folder, ".home/versions", version, "bin");
    mkdirSync(kept, { recursive: true });
    symlinkSync(cli.command, join(kept, "pulumi"));
  }

  /** Nothing of an account, a home or a login reaches the engine. */
  private env(): NodeJS.ProcessEnv {
    return {
      PATH: [join(this.folder, ".bin"), dirname(cli.command), cli.languageHost ?? "", process.env["PATH"]].join(
        delimiter,
      ),
      HOME: this.folder,
      TMPDIR: tmpdir(),
      PULUMI_HOME: join(this.folder, ".home"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, ".state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_SKIP_CONFIRMATIONS: "true",
      PULUMI_DEBUG_COMMANDS: "true",
      ...this.provider.env,
    };
  }
}
