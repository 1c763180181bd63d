import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readCache, sourceKey, writeCache } from "./bundler/cache";
import { compile } from "./bundler/compile";
import { type Artifact, type Files, storeArtifact } from "./bundler/store";

/** Options of `bundle` and `withFiles`. */
interface BundleOptions {
  /**
   * Project root: the folder that contains apps/ and package-lock.json, and into which `.artifacts` is written.
   * @default this checkout
   */
  readonly root?: string;
}

/**
 * Builds the folder that is deployed of each app. Builds nothing when no source has changed since the last build. The
 * same sources give the same hashes on every machine.
 * @param names  names of folders in apps/, such as `food-store`
 * @returns the artifacts by app name, in the order of `names`
 * @throws {Error} when an app does not exist or does not compile
 * @example (await bundle(["food-store"]))["food-store"].directory // ".artifacts/food-store-1855d19b55b6"
 */
export async function bundle(names: readonly string[], options: BundleOptions = {}): Promise<Record<string, Artifact>> {
  const root = rootOf(options);
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

/**
 * Makes the artifact of a function from its code and from files that the program has made.
 * @param code  a built app with a Lambda handler
 * @param name  name of the new artifact; no app has it
 */
export function withFiles(code: Artifact, name: string, files: Files, options: BundleOptions = {}): Artifact {
  const root = rootOf(options);
  const handler = readFileSync(join(root, code.directory, "handler.cjs"));
  return storeArtifact(join(root, ".artifacts"), name, { ...files, "handler.cjs": handler });
}

function rootOf({ root }: BundleOptions): string {
  return resolve(root ?? join(__dirname, ".."));
}

function isStored(root: string, artifact: Artifact | undefined): boolean {
  return artifact !== undefined && existsSync(join(root, artifact.directory));
}

function pick(names: readonly string[], artifacts: Readonly<Record<string, Artifact>>): Record<string, Artifact> {
  return Object.fromEntries(names.map((name) => [name, artifacts[name]!]));
}
