import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A built artifact: one folder with everything of a service that is deployed. */
export interface Artifact {
  /** sha256 over the names and contents of the folder's files, hex; the same for the same sources. */
  readonly hash: string;
  /** Path relative to the project root, with forward slashes: `.artifacts/food-store-<first 12 digits of hash>`. */
  readonly directory: string;
  /** What runs the code. */
  readonly runtime: Runtime;
}

/** Languages of services, by what runs them. */
export type Runtime = "node" | "python";

/** Contents of files, by path in the folder, with forward slashes. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** The built web app: files that browsers load. */
export interface WebArtifact {
  /** Path relative to the project root, with forward slashes: `.artifacts/web-<first 12 digits of hash>`. */
  readonly directory: string;
  /** Paths of its files, sorted. @example ["assets/index-Chj3HgTr.js", "index.html"] */
  readonly files: readonly string[];
}

/** Artifacts that are kept of each app; older ones are deleted, unless they were used a short time ago. */
const keptArtifacts = 5;
/** A platform may run from an artifact, and a deployment upload it, while plans of other configurations make new ones. */
const keptForMs = 60 * 60_000;
const hashDigitsInName = 12;
/** Name of a folder that is not finished, or no longer of use. */
const abandonedPrefix = ".building-";
/** Age after which an unfinished folder is deleted: its build has ended without removing it. No build takes so long. */
const abandonedAfterMs = 10 * 60_000;

/** What `storeArtifact` writes. */
export interface Contents {
  readonly runtime: Runtime;
  readonly files: Files;
  /** Packages that `files` has a lock of. @default none: the folder is complete without */
  readonly packages?: Files;
}

/**
 * Writes an artifact into the folder that is named after its hash, and deletes old artifacts of the app. The contents of
 * an existing folder are the same, so that only the time of its use is written; one without its packages gets them.
 * @param store  absolute path of the `.artifacts` folder
 * @param name  name of the app
 */
export function storeArtifact(store: string, name: string, { runtime, files, packages }: Contents): Artifact {
  return { ...storeFiles(store, name, files, packages), runtime };
}

/** Does what `storeArtifact` does, for files that no runtime runs. */
export function storeFiles(store: string, name: string, files: Files, packages: Files = {}) {
  const hash = hashOf(files);
  const folder = `${name}-${hash.slice(0, hashDigitsInName)}`;
  const target = join(store, folder);
  const [sample] = Object.keys(packages);
  const complete = existsSync(target) && (sample === undefined || existsSync(join(target, sample)));
  if (complete) utimesSync(target, new Date(), new Date());
  else publish({ ...packages, ...files }, store, target);
  prune(store, name, folder);
  return { hash, directory: `.artifacts/${folder}` };
}

/** Returns the hash of files. It includes the lengths, so that different files never become the same bytes. */
function hashOf(files: Files): string {
  const hash = createHash("sha256");
  for (const file of Object.keys(files).sort()) {
    const contents = Buffer.from(files[file]!);
    hash.update(`${file}\0${contents.length}\0`).update(contents);
  }
  return hash.digest("hex");
}

/** Writes the files next to the target first: processes that use an incomplete target find it absent for a moment only. */
function publish(files: Files, store: string, target: string): void {
  const aside = () => join(store, `${abandonedPrefix}${randomBytes(8).toString("hex")}`);
  const temporary = aside();
  mkdirSync(temporary, { recursive: true, mode: 0o755 });
  for (const [file, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(temporary, file)), { recursive: true, mode: 0o755 });
    writeFileSync(join(temporary, file), contents, { mode: 0o644 });
  }
  try {
    if (existsSync(target)) renameSync(target, aside());
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(target)) {
      throw error;
    }
  }
}

function prune(store: string, name: string, current: string): void {
  const artifactName = new RegExp(`^${name}-[0-9a-f]{${hashDigitsInName}}$`);
  const entries = readdirSync(store).map((entry) => ({ entry, modified: modifiedAt(join(store, entry)) }));
  const older = entries
    .filter(({ entry }) => artifactName.test(entry) && entry !== current)
    .sort((a, b) => b.modified - a.modified)
    .slice(keptArtifacts - 1)
    .filter(({ modified }) => Date.now() - modified > keptForMs);
  const abandoned = entries.filter(
    ({ entry, modified }) => entry.startsWith(abandonedPrefix) && Date.now() - modified > abandonedAfterMs,
  );
  for (const { entry } of [...older, ...abandoned]) {
    rmSync(join(store, entry), { recursive: true, force: true });
  }
}

/** Returns when an entry was modified, in ms; 0 when another process has deleted it meanwhile. */
function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
