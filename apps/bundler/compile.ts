import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Files } from "./store";

/** The two ways to run an app; it has at least one of them. */
const adapters = ["server", "handler"] as const;

/** Compiles all apps in one run, so that what they share is parsed once. */
export async function compile(root: string, names: readonly string[]): Promise<Map<string, Files>> {
  // Loaded here: mostly nothing is compiled, and esbuild costs more to load than the cache to check.
  const { build, stop } = await import("esbuild");
  const result = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.flatMap((name) => entryPoints(root, name))),
    outdir: ".artifacts",
    outExtension: { ".js": ".cjs" },
    write: false,
    bundle: true,
    minify: true,
    platform: "node",
    // The oldest that runs them: this machine. Containers and functions run 22.
    target: "node20",
    format: "cjs",
    // Packages' module builds can be shaken; their main builds cannot.
    mainFields: ["module", "main"],
    // Paths must not depend on where a checkout keeps its packages.
    preserveSymlinks: true,
    // A tsconfig.json nearby would otherwise have its say.
    tsconfigRaw: {},
    legalComments: "none",
    logLevel: "silent",
  });
  await stop(); // its process would live as long as this one
  const folders = new Map<string, Record<string, string | Uint8Array>>(
    names.map((name) => [name, fixedFiles(root, name)]),
  );
  for (const { path, contents } of result.outputFiles) {
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

/** What container, Beanstalk and instance need beside the code. */
function fixedFiles(root: string, name: string): Record<string, string> {
  if (!isServer(root, name)) {
    return {};
  }
  return {
    Dockerfile: dockerfile,
    Procfile: "web: node server.cjs\n",
    "package.json": `${JSON.stringify({ name, private: true, scripts: { start: "node server.cjs" } }, null, 2)}\n`,
  };
}

/** Writes nothing at run time, so the root may be read-only. */
const dockerfile = `FROM public.ecr.aws/docker/library/node:22.23.3-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json server.cjs healthcheck.cjs ./
USER node
CMD ["node", "server.cjs"]
`;
