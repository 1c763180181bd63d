import { join } from "node:path";
import type { BuildContext, BuildFailure, Metafile } from "esbuild";
import { readCache, sourceKey, writeCache } from "./cache";
import { foldersOf, optionsFor } from "./compile";
import { isPython, pythonFiles } from "./python";
import { type Artifact, type Contents, storeArtifact } from "./store";

/** Thrown when sources do not compile: a sentence that names the first place. */
export class BuildFailed extends Error {
  override readonly name = "BuildFailed";
}

/** How long the compiler is kept after a build. It takes a few hundred megabytes, and a tenth of a second to start. */
const keptMs = 60_000;

type Esbuild = typeof import("esbuild");

/**
 * Builds apps again and again as their sources change, each time only those that a changed file is part of. Artifacts are
 * equal to those of `bundle`, which finds them.
 */
export class Rebuilds {
  private readonly contexts = new Map<string, { readonly key: string; readonly context: BuildContext }>();
  /** The sources of each app that esbuild has compiled, from the project's root. */
  private readonly sources = new Map<string, ReadonlySet<string>>();
  /** Apps whose last build failed: the next change may be what they need, in any file. */
  private readonly failed = new Set<string>();
  private built: Record<string, Artifact>;
  private esbuild: Promise<Esbuild> | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param names  folders in apps/ that are built; all of them have been built before */
  constructor(
    private readonly root: string,
    readonly names: readonly string[],
  ) {
    this.built = { ...readCache(root, sourceKey(root)).artifacts };
  }

  /** Learns which sources each app has, so that the first save is built as soon as any other. */
  async prepare(): Promise<void> {
    const compiled = this.names.filter((name) => !isPython(this.root, name));
    if (compiled.length === 0) return;
    const { build } = await this.load();
    const options = { ...optionsFor(this.root, compiled), minify: false, packages: "external" as const };
    const { metafile } = await build({ ...options, metafile: true });
    for (const name of compiled) this.sources.set(name, sourcesOf(metafile, this.entriesOf(name)));
  }

  /**
   * Builds the apps that changed files are part of.
   * @param changed  paths from the project's root: `apps/food-store/app.ts`
   * @returns the artifacts of those whose files are others than before, by app name
   * @throws {BuildFailed} when one does not compile; none is then built
   */
  async rebuild(changed: ReadonlySet<string>): Promise<Readonly<Record<string, Artifact>>> {
    const affected = this.names.filter((name) => this.failed.has(name) || this.isPartOf(name, changed));
    if (affected.length === 0) return {};
    // Of before the build: what is saved meanwhile is of another key.
    const key = sourceKey(this.root);
    for (const name of affected) this.failed.add(name);
    const contents = await Promise.all(affected.map((name) => this.contentsOf(name)));
    this.failed.clear();
    const built = Object.fromEntries(
      affected.map((name, i) => [name, storeArtifact(join(this.root, ".artifacts"), name, contents[i]!)]),
    );
    const others = Object.entries(built).filter(([name, { hash }]) => this.built[name]?.hash !== hash);
    const unchanged = Object.entries(this.built).filter(([name]) => this.names.includes(name));
    this.built = { ...Object.fromEntries(unchanged), ...built };
    writeCache(this.root, key, { artifacts: this.built });
    return Object.fromEntries(others);
  }

  /** Ends the compiler. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    const { esbuild } = this;
    this.esbuild = undefined;
    this.contexts.clear();
    await (await esbuild)?.stop();
  }

  private isPartOf(name: string, changed: ReadonlySet<string>): boolean {
    const own = [...changed].some((path) => path.startsWith(`apps/${name}/`));
    if (isPython(this.root, name)) return own || [...changed].some((path) => path.startsWith("apps/kit-python/"));
    const sources = this.sources.get(name);
    return sources === undefined ? own : [...changed].some((path) => sources.has(path));
  }

  private async contentsOf(name: string): Promise<Contents> {
    if (isPython(this.root, name)) return { runtime: "python", files: pythonFiles(this.root, name) };
    const context = await this.contextOf(name);
    const { outputFiles, metafile } = await context.rebuild().catch((failure: BuildFailure) => {
      throw new BuildFailed(sentenceOf(failure));
    });
    this.sources.set(name, sourcesOf(metafile!, this.entriesOf(name)));
    return { runtime: "node", files: foldersOf(this.root, [name], outputFiles!).get(name)! };
  }

  private async contextOf(name: string): Promise<BuildContext> {
    const { context } = await this.load();
    const options = { ...optionsFor(this.root, [name]), metafile: true };
    const key = JSON.stringify(options.entryPoints);
    const kept = this.contexts.get(name);
    if (kept?.key === key) return kept.context;
    await kept?.context.dispose();
    const made = await context(options);
    this.contexts.set(name, { key, context: made });
    return made;
  }

  private entriesOf(name: string): readonly string[] {
    return Object.values(optionsFor(this.root, [name]).entryPoints);
  }

  private load(): Promise<Esbuild> {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.stop(), keptMs).unref();
    this.esbuild ??= import("esbuild");
    return this.esbuild;
  }
}

/** Returns the files of the project that entry files import, directly or not. */
function sourcesOf({ inputs }: Metafile, entries: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path) || !path.startsWith("apps/")) return;
    found.add(path);
    for (const each of inputs[path]?.imports ?? []) if (!each.external) visit(each.path);
  };
  entries.forEach(visit);
  return found;
}

function sentenceOf({ errors, message }: BuildFailure): string {
  const [first] = errors ?? [];
  if (first === undefined) return message;
  const { file, line, column } = first.location ?? { file: "apps", line: 1, column: 0 };
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return `${file}:${line}:${column + 1}: ${first.text}${more}`;
}
