import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readCache, sourceKey, writeCache } from "./bundler/cache";
import { compile } from "./bundler/compile";
import { isPython, pythonFiles, pythonPackages } from "./bundler/python";
import { type Artifact, type Contents, type Files, storeArtifact, storeFiles, type WebArtifact } from "./bundler/store";
import { compileWeb } from "./bundler/web";

/** Options of `bundle` and `withFiles`. */
interface BundleOptions {
  /**
   * Project root: the folder that contains apps/ and package-lock.json, and into which `.artifacts` is written.
   * @default this checkout
   */
  readonly root?: string;
  /**
   * Whether folders of services in Python have their packages, which are fetched when they are not kept yet. A plan does
   * not need them: the hash is that of the sources and of the lock.
   * @default false
   */
  readonly packages?: boolean;
}

/**
 * Builds the folder that is deployed of each app, compiled or copied. Builds nothing when no source has changed since the last build. The
 * same sources give the same hashes on every machine.
 * @param names  names of folders in apps/, such as `food-store`
 * @returns the artifacts by app name, in the order of `names`
 * @throws {Error} when an app does not exist or does not compile, or packages cannot be fetched
 * @example (await bundle(["food-store"]))["food-store"].directory // ".artifacts/food-store-1855d19b55b6"
 */
export async function bundle(names: readonly string[], options: BundleOptions = {}): Promise<Record<string, Artifact>> {
  const root = rootOf(options);
  const key = sourceKey(root);
  const { artifacts: cached } = readCache(root, key);
  const missing = names.filter((name) => !isStored(root, cached[name], options.packages));
  if (missing.length === 0) {
    return pick(names, cached);
  }
  const contents = await contentsOf(root, missing, options.packages);
  const built = Object.fromEntries(
    contents.map(([name, each]) => [name, storeArtifact(join(root, ".artifacts"), name, each)]),
  );
  writeCache(root, key, { artifacts: { ...cached, ...built } });
  return pick(names, { ...cached, ...built });
}

/**
 * Builds the files of the web app, unless no source has changed since the last build. They are the same for every environment.
 * @throws {Error} when it does not compile
 */
export async function bundleWeb(options: Pick<BundleOptions, "root"> = {}): Promise<WebArtifact> {
  const root = rootOf(options);
  const key = sourceKey(root);
  const { web: cached } = readCache(root, key);
  if (cached !== undefined && existsSync(join(root, cached.directory))) return cached;
  const files = await compileWeb(root);
  const { directory } = storeFiles(join(root, ".artifacts"), "web", files);
  const built = { directory, files: Object.keys(files).sort() };
  writeCache(root, key, { web: built });
  return built;
}

/**
 * Makes the artifact of a function from its code and from files that the program has made.
 * @param code  a built app with a Lambda handler
 * @param name  name of the new artifact; no app has it
 */
export function withFiles(code: Artifact, name: string, files: Files, options: BundleOptions = {}): Artifact {
  const root = rootOf(options);
  const handler = readFileSync(join(root, code.directory, "handler.cjs"));
  return storeArtifact(join(root, ".artifacts"), name, {
    runtime: "node",
    files: { ...files, "handler.cjs": handler },
  });
}

function rootOf({ root }: BundleOptions): string {
  return resolve(root ?? join(__dirname, ".."));
}

/** Package that every complete folder of a service in Python has. */
const everywhere = "boto3";

function isStored(root: string, artifact: Artifact | undefined, packages = false): boolean {
  if (artifact === undefined) return false;
  const asksFor = packages && artifact.runtime === "python" ? everywhere : "";
  return existsSync(join(root, artifact.directory, asksFor));
}

async function contentsOf(root: string, names: readonly string[], packages = false): Promise<[string, Contents][]> {
  const python = names.filter((name) => isPython(root, name));
  const others = names.filter((name) => !python.includes(name));
  const fetched = packages && python.length > 0 ? { packages: await pythonPackages(root) } : {};
  const compiled = others.length > 0 ? await compile(root, others) : new Map<string, Contents["files"]>();
  return [
    ...[...compiled].map(([name, files]): [string, Contents] => [name, { runtime: "node", files }]),
    ...python.map((name): [string, Contents] => [
      name,
      { runtime: "python", files: pythonFiles(root, name), ...fetched },
    ]),
  ];
}

function pick(names: readonly string[], artifacts: Readonly<Record<string, Artifact>>): Record<string, Artifact> {
  return Object.fromEntries(names.map((name) => [name, artifacts[name]!]));
}
