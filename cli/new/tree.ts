import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../graph/user-error";

/** New text of files, by path below the root; undefined takes the file away. */
export type Changes = ReadonlyMap<string, string | undefined>;

/** Folders that are no part of the sources, for a tree that is no work tree of git. */
const besides = new Set(["node_modules", ".git", ".cache", ".artifacts", ".local", ".pulumi"]);

/** Returns the files of the sources, those included that are not committed yet. */
export function sourceFiles(root: string): string[] {
  const listed = git(root, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  const files = listed?.split("\0").filter((path) => path !== "") ?? walk(root, "");
  return files.filter((path) => lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile());
}

function walk(root: string, below: string): string[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (besides.has(entry.name)) return [];
    return entry.isDirectory() ? walk(root, path) : entry.isFile() ? [path] : [];
  });
}

/** Runs git in a folder; undefined without git, or in a folder that is no work tree. */
function git(root: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync("git", ["-C", root, ...args], {
      encoding: "utf8",
      maxBuffer: 64 << 20,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return undefined;
  }
}

/** Returns which of some paths have changes that are not committed, files that git does not know included. */
export function uncommitted(root: string, paths: readonly string[]): string[] {
  const status = git(root, ["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", ...paths]);
  const prefix = git(root, ["rev-parse", "--show-prefix"])?.trim() ?? "";
  return (status ?? "")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => line.slice(3 + prefix.length));
}

/** Returns the text of a file; undefined when there is none. */
export function textOf(root: string, path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Returns what tells whether a text is the same as before. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What a file was before a change, and what the change made of it. */
interface Replacement {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

const journalOf = (root: string) => join(root, ".cache", "new-unfinished.json");

/**
 * Changes files all or not at all. New text is written next to each file and renamed. What the files were is kept in the
 * cache until all are renamed, so that `recover` can restore them after a process that was killed.
 * @throws {UserError} when a file cannot be changed; all are then as they were
 */
export function change(root: string, changes: Changes): void {
  const replacements = [...changes].map(([path, after]): Replacement => {
    const before = textOf(root, path);
    return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
  });
  const journal = journalOf(root);
  const done: Replacement[] = [];
  try {
    mkdirSync(dirname(journal), { recursive: true });
    writeWhole(journal, JSON.stringify(replacements));
    for (const replacement of replacements) {
      write(root, replacement.path, replacement.after);
      done.push(replacement);
    }
  } catch (error) {
    for (const { path, before } of done) write(root, path, before);
    rmSync(journal, { force: true });
    throw new UserError(`the files cannot be changed: ${(error as Error).message}; all are as they were`);
  }
  rmSync(journal, { force: true });
}

/**
 * Restores what a process that was killed during `change` has left: each file that still has the text of the change.
 * @returns whether there was anything
 */
export function recover(root: string): boolean {
  const journal = journalOf(root);
  if (!existsSync(journal)) return false;
  const replacements: readonly Replacement[] = JSON.parse(readFileSync(journal, "utf8"));
  for (const { path, before, after } of replacements) if (textOf(root, path) === after) write(root, path, before);
  rmSync(journal);
  return true;
}

function write(root: string, path: string, text: string | undefined): void {
  const file = join(root, path);
  if (text !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    writeWhole(file, text);
    return;
  }
  rmSync(file, { force: true });
  removeEmpty(root, dirname(path));
}

function writeWhole(file: string, text: string): void {
  const temporary = `${file}.new-${process.pid}`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function removeEmpty(root: string, folder: string): void {
  const path = join(root, folder);
  if (folder === "." || !existsSync(path) || readdirSync(path).length > 0) return;
  rmdirSync(path);
  removeEmpty(root, dirname(folder));
}
