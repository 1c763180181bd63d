import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { BuildOptions, OutputFile } from "esbuild";
import { beanstalkHealth, beanstalkHealthPath } from "./beanstalk-health";
import { dockerfilePath } from "./cache";
import type { Files } from "./store";

/** Names of the entry files of an app: an HTTP server and a Lambda handler. An app has at least one of them. */
const adapters = ["server", "handler"] as const;

/**
 * Compiles apps into the files that are deployed. All apps are compiled in one run, so that what they share is parsed
 * once.
 * @param root  folder that contains apps/
 * @param names  names of folders in apps/
 * @returns the files of each app, by app name
 * @throws {Error} when an app has no entry file or does not compile
 */
export async function compile(root: string, names: readonly string[]): Promise<Map<string, Files>> {
  // Loaded only here: usually nothing has to be compiled, and loading esbuild takes longer than checking the cache.
  const { build, stop } = await import("esbuild");
  const { outputFiles } = await build(optionsFor(root, names));
  await stop(); // otherwise its process runs until this one ends
  return foldersOf(root, names, outputFiles);
}

/** Returns how esbuild compiles apps. @throws {Error} when an app has no entry file */
export function optionsFor(root: string, names: readonly string[]) {
  return {
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.flatMap((name) => entryPoints(root, name))),
    outdir: ".artifacts",
    outExtension: { ".js": ".cjs" },
    write: false,
    bundle: true,
    minify: true,
    platform: "node",
    // The oldest Node.js that runs the files: that of a developer's machine. Containers and functions run 22.
    target: "node20",
    format: "cjs",
    // esbuild can leave unused code out of the packages' module builds, but not out of their main builds.
    mainFields: ["module", "main"],
    // Paths must not depend on where a checkout keeps its packages.
    preserveSymlinks: true,
    // Keeps esbuild from reading a tsconfig.json.
    tsconfigRaw: {},
    legalComments: "none",
    logLevel: "silent",
  } satisfies BuildOptions;
}

/** Returns the files of each app: those that esbuild has made, and those that are the same for all. */
export function foldersOf(root: string, names: readonly string[], compiled: readonly OutputFile[]): Map<string, Files> {
  const folders = new Map<string, Record<string, string | Uint8Array>>(
    names.map((name) => [name, fixedFiles(root, name)]),
  );
  for (const { path, contents } of compiled) {
    folders.get(basename(dirname(path)))![basename(path)] = contents;
  }
  return folders;
}

function entryPoints(root: string, name: string): [string, string][] {
  const present = adapters.filter((adapter) => existsSync(join(root, "apps", name, `${adapter}.ts`)));
  if (present.length === 0) {
    throw new Error(`app "${name}" has neither server.ts nor handler.ts; add one to apps/${name}`);
  }
  const entries = present.map((adapter): [string, string] => [`${name}/${adapter}`, `apps/${name}/${adapter}.ts`]);
  return isServer(root, name) ? [...entries, [`${name}/healthcheck`, "apps/kit/healthcheck.ts"]] : entries;
}

function isServer(root: string, name: string): boolean {
  return existsSync(join(root, "apps", name, "server.ts"));
}

/** Returns the files that a container, Beanstalk and an instance need in addition to the code. */
function fixedFiles(root: string, name: string): Record<string, string> {
  if (!isServer(root, name)) {
    return {};
  }
  return {
    Dockerfile: readFileSync(join(root, dockerfilePath), "utf8"),
    Procfile: "web: node server.cjs\n",
    [beanstalkHealthPath]: beanstalkHealth,
    "package.json": `${JSON.stringify({ name, private: true, scripts: { start: "node server.cjs" } }, null, 2)}\n`,
  };
}
