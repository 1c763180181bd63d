import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { projectRoot } from "../../../graph/project-root";

/** What the story of client/story.ts returns: of each request the status, and what some were answered. */
interface Told {
  readonly statuses: readonly (number | undefined)[];
  readonly missing: unknown;
  readonly stored: { readonly id: string } | undefined;
  readonly name: string | undefined;
  readonly amounts: readonly number[] | undefined;
}

type Story = (url: string, token: string) => Promise<Told>;

const compilerOptions = {
  target: "ES2022",
  lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: false,
  types: ["node"],
};

/** A client that openapi-ts has generated from a document, and the story that uses it, in a folder of the project's cache. */
export class GeneratedClient {
  private readonly folder: string;

  constructor() {
    const cache = join(projectRoot, ".cache");
    mkdirSync(cache, { recursive: true });
    this.folder = mkdtempSync(join(cache, "openapi-client-"));
    cpSync(join(__dirname, "client", "story.ts"), join(this.folder, "story.ts"));
    writeFileSync(join(this.folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["."] }));
  }

  /** @throws {Error} when the generator fails */
  async generate(document: string): Promise<void> {
    const input = join(this.folder, "openapi.json");
    writeFileSync(input, document);
    const command = join(projectRoot, "node_modules/@hey-api/openapi-ts/bin/run.js");
    const args = ["--input", input, "--output", join(this.folder, "generated"), "--client", "@hey-api/client-fetch"];
    const { failed, text } = await run([command, ...args, "--silent", "--no-log-file"]);
    if (failed) throw new Error(`openapi-ts must generate a client, and failed: ${text}`);
  }

  /** Returns what the compiler finds in the client and the story; empty when their types are right. */
  async typeErrors(): Promise<string> {
    return (await run([join(projectRoot, "node_modules/tsc7/bin/tsc"), "-p", this.folder])).text;
  }

  /** Changes the story. */
  edit(from: string, to: string): void {
    const file = join(this.folder, "story.ts");
    const text = readFileSync(file, "utf8");
    if (!text.includes(from)) throw new Error(`the story must have ${from}`);
    writeFileSync(file, text.replace(from, to));
  }

  async story(): Promise<Story> {
    const outfile = join(this.folder, "story.cjs");
    await build({
      entryPoints: [join(this.folder, "story.ts")],
      outfile,
      bundle: true,
      platform: "node",
      format: "cjs",
    });
    return createRequire(outfile)(outfile).story;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function run(args: readonly string[]): Promise<{ readonly failed: boolean; readonly text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: projectRoot }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, text: `${stdout}${stderr}` }),
    );
  });
}
