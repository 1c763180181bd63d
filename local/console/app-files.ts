import { fork } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../graph/user-error";

/** A file of the page, as a browser gets it. */
export interface AppFile {
  readonly type: string;
  readonly contents: Buffer;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};
const sources = "local/console/app";

/**
 * The page's files, which are compiled when a browser asks for them first, in a process of their own: the compiler takes
 * more memory than the platform. They are kept in `.cache/console` for as long as no source changes.
 */
export class AppFiles {
  private files: Promise<ReadonlyMap<string, AppFile>> | undefined;

  /** @param root  folder of local/ and package-lock.json */
  constructor(private readonly root: string) {}

  /** Returns a file by its path: `index.html`, `assets/…`. @throws {UserError} when the page does not compile */
  async get(path: string): Promise<AppFile | undefined> {
    this.files ??= this.read();
    // What did not compile may do so at the next request.
    this.files.catch(() => {
      this.files = undefined;
    });
    return (await this.files).get(path);
  }

  private async read(): Promise<ReadonlyMap<string, AppFile>> {
    const folder = join(this.root, ".cache/console", sourceKey(this.root));
    const kept = readFiles(folder);
    if (kept.size > 0) return kept;
    const temporary = `${folder}.${randomBytes(6).toString("hex")}`;
    mkdirSync(temporary, { recursive: true });
    try {
      await compile(this.root, temporary);
      publish(temporary, folder);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
    return readFiles(folder);
  }
}

/** Another platform may have compiled the same sources meanwhile. */
function publish(temporary: string, folder: string): void {
  try {
    renameSync(temporary, folder);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

/** Returns a hash of everything that the page is made from: its sources, and the lock in place of the packages. */
function sourceKey(root: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(join(root, sources), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.\w+$/.test(file))
    .map((file) => `${sources}/${file}`)
    .sort();
  for (const file of [...files, "local/console/compile.cjs", "package-lock.json"]) {
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

function compile(root: string, folder: string): Promise<void> {
  const compiler = fork(join(root, "local/console/compile.cjs"), [join(root, sources), folder], {
    execArgv: [],
    env: { PATH: process.env["PATH"] ?? "" },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  compiler.stderr!.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    compiler.once("error", reject);
    compiler.once("close", (code) => {
      if (code === 0) resolve();
      else
        reject(
          new UserError(`the console's page does not compile: ${said.trim() || `code ${code}`}; correct ${sources}`),
        );
    });
  });
}

function readFiles(folder: string): ReadonlyMap<string, AppFile> {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return new Map(
      files.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
        return [path.slice(folder.length + 1), { type, contents: readFileSync(path) }];
      }),
    );
  } catch {
    return new Map();
  }
}
