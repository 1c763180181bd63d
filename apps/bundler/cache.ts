import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pythonDockerfilePath } from "./python";
import type { Artifact, WebArtifact } from "./store";

/** Built artifacts, by app name. */
type Artifacts = Readonly<Record<string, Artifact>>;

interface CacheFile {
  readonly key: string;
  readonly artifacts: Artifacts;
  /** @default not built yet */
  readonly web?: WebArtifact;
}

/** The Dockerfile of every service in TypeScript, from the project's root. */
export const dockerfilePath = "apps/bundler/Dockerfile";

/**
 * Returns one hash over everything that artifacts are made from: all sources under apps/, including the bundler's own,
 * the Dockerfiles, and the locks of both languages in place of the packages.
 * @param root  folder of apps/ and package-lock.json
 * @returns sha256, hex
 */
export function sourceKey(root: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(join(root, "apps"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(tsx?|py|json|txt|css|html|svg)$/.test(file))
    .map((file) => `apps/${file.replaceAll("\\", "/")}`)
    .sort();
  for (const file of [...files, dockerfilePath, pythonDockerfilePath, "package-lock.json"]) {
    const contents = readFileSync(join(root, file));
    hash.update(`${file}\0${contents.length}\0`).update(contents);
  }
  return hash.digest("hex");
}

/**
 * Returns the artifacts that the cache lists for these sources; none when the cache is missing, broken or of other
 * sources.
 * @param key  the sources, as `sourceKey` returns them
 */
export function readCache(root: string, key: string): Omit<CacheFile, "key"> {
  const path = cachePath(root);
  if (!existsSync(path)) {
    return { artifacts: {} };
  }
  try {
    const cache = JSON.parse(readFileSync(path, "utf8")) as CacheFile;
    return cache.key === key ? cache : { artifacts: {} };
  } catch {
    return { artifacts: {} };
  }
}

/**
 * Adds artifacts to the cache of these sources. The file is renamed into place, so that a reader in another process
 * sees the whole file or none.
 * @param key  the sources, as `sourceKey` returns them
 */
export function writeCache(root: string, key: string, built: Partial<Omit<CacheFile, "key">>): void {
  const path = cachePath(root);
  const temporary = `${path}.${randomBytes(8).toString("hex")}`;
  mkdirSync(join(root, ".artifacts"), { recursive: true });
  // Another process may have built other apps of the same sources meanwhile.
  const before = readCache(root, key);
  const cache: CacheFile = { ...before, ...built, key, artifacts: { ...before.artifacts, ...built.artifacts } };
  writeFileSync(temporary, `${JSON.stringify(cache, null, 2)}\n`);
  renameSync(temporary, path);
}

function cachePath(root: string): string {
  return join(root, ".artifacts", "cache.json");
}
