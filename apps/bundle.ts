import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readCache, sourceKey, writeCache } from "./bundler/cache";
import { compile } from "./bundler/compile";
import { type Artifact, storeArtifact } from "./bundler/store";

export type { Artifact } from "./bundler/store";

export interface BundleOptions {
  /** Project root: holds apps/, package-lock.json and the `.artifacts` folder that is written; default: this checkout. */
  readonly root?: string;
}

/**
 * Builds the deployable folder of each app under apps/, and only what has changed since the last time. The same sources
 * give the same hashes on every machine.
 * @param names  folders of apps/: `food-store`
 * @returns by name, in the order asked for
 * @throws {Error} when an app does not exist or does not compile
 */
export async function bundle(names: readonly string[], options: BundleOptions = {}): Promise<Record<string, Artifact>> {
  const root = resolve(options.root ?? join(__dirname, ".."));
  const key = sourceKey(root);
  const cached = readCache(root, key);
  const missing = names.filter((name) => !isStored(root, cached[name]));
  if (missing.length === 0) {
    return pick(names, cached);
  }
  const folders = await compile(root, missing);
  const built = Object.fromEntries(
    [...folders].map(([name, files]) => [name, storeArtifact(join(root, ".artifacts"), name, files)]),
  );
  writeCache(root, key, { ...cached, ...built });
  return pick(names, { ...cached, ...built });
}

function isStored(root: string, artifact: Artifact | undefined): boolean {
  return artifact !== undefined && existsSync(join(root, artifact.directory));
}

function pick(names: readonly string[], artifacts: Readonly<Record<string, Artifact>>): Record<string, Artifact> {
  return Object.fromEntries(names.map((name) => [name, artifacts[name]!]));
}
