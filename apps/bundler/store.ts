import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A built artifact: one folder that holds everything of a service that is deployed. */
export interface Artifact {
  /** sha256 over the folder's file names and contents, hex; equal for equal sources. */
  readonly hash: string;
  /** Relative to the project root, with forward slashes: `.artifacts/food-store-<first 12 of hash>`. */
  readonly directory: string;
}

/** Contents by file name. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

const kept = 5;
const shownDigits = 12;
/** A builder that died leaves its folder behind; one that lives is done long before. */
const abandonedAfterMs = 10 * 60_000;

/** Puts the files where their hash says; if somebody has done so already, or does so now, theirs is as good. */
export function storeArtifact(store: string, name: string, files: Files): Artifact {
  const hash = hashOf(files);
  const folder = `${name}-${hash.slice(0, shownDigits)}`;
  const target = join(store, folder);
  if (!existsSync(target)) {
    publish(files, join(store, `.building-${randomBytes(8).toString("hex")}`), target);
  }
  prune(store, name, folder);
  return { hash, directory: `.artifacts/${folder}` };
}

/** Lengths are hashed too, so that no two folders of files flow into the same bytes. */
function hashOf(files: Files): string {
  const hash = createHash("sha256");
  for (const file of Object.keys(files).sort()) {
    const contents = Buffer.from(files[file]!);
    hash.update(`${file}\0${contents.length}\0`).update(contents);
  }
  return hash.digest("hex");
}

function publish(files: Files, temporary: string, target: string): void {
  mkdirSync(temporary, { recursive: true, mode: 0o755 });
  for (const [file, contents] of Object.entries(files)) {
    writeFileSync(join(temporary, file), contents, { mode: 0o644 });
  }
  try {
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(target)) {
      throw error;
    }
  }
}

function prune(store: string, name: string, current: string): void {
  const digits = new RegExp(`^${name}-[0-9a-f]{${shownDigits}}$`);
  const entries = readdirSync(store).map((entry) => ({ entry, modified: modifiedAt(join(store, entry)) }));
  const older = entries
    .filter(({ entry }) => digits.test(entry) && entry !== current)
    .sort((a, b) => b.modified - a.modified)
    .slice(kept - 1);
  const abandoned = entries.filter(
    ({ entry, modified }) => entry.startsWith(".building-") && Date.now() - modified > abandonedAfterMs,
  );
  for (const { entry } of [...older, ...abandoned]) {
    rmSync(join(store, entry), { recursive: true, force: true });
  }
}

/** Another builder may prune at the same time. */
function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
