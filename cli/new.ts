import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../graph/project-root";
import { UserError } from "../graph/user-error";
import type { NewKind } from "./new/kinds";
import { addPattern, removePattern } from "./new/pattern";
import { addService, removeService } from "./new/service";
import { type Changes, change, digest, recover, sourceFiles, textOf, uncommitted } from "./new/tree";
import { Workplace } from "./new/workplace";
import { note, print } from "./print";

/** Options of the command `new`. */
export interface NewOptions {
  /** Service to copy. @default food-store */
  readonly like?: string;
  readonly remove?: boolean;
}

/** Files and folders that the generator writes. */
const generatedFiles = ["docs/reference.md", "stacks/config/environment.schema.json", "tests/snapshots"];

/** Test of this command, which names services that it makes. */
const ownTest = "tests/cli/new.spec.ts";

/** Where the command keeps which texts it has generated, so that it may generate them again without a commit. */
const generatedTexts = ".cache/new-generated.json";

/**
 * Runs the command `new`: makes a service, or takes one away, in every file that has to know it. All is tried in a copy
 * of the sources first, and the files are changed all or not at all.
 * @throws {UserError} one sentence, when the name is not free, or a file has changes that would be lost
 */
export async function create(kind: NewKind, name: string, { like = "food-store", remove }: NewOptions): Promise<void> {
  if (recover(projectRoot)) await note("An earlier run was interrupted while it changed files: they are restored.");
  const startedAt = Date.now();
  checkOverwritten();
  const edits = editsFor(kind, name, { like, remove: remove ?? false });
  const before = textsOf(projectRoot);
  const workplace = new Workplace(projectRoot, edits);
  try {
    await step("formatting", () => format(workplace, edits));
    await step("planning dev and prod, and writing reference, JSON schema and snapshots", () =>
      workplace.run(["tests/generate.cjs"], `the project cannot be planned ${remove ? "without" : "with"} ${name}`),
    );
    const changes = changesBetween(before, textsOf(workplace.folder));
    const generated = [...changes.keys()].filter((path) => generatedFiles.some((each) => path.startsWith(each)));
    checkUnchanged(before, changes);
    change(projectRoot, changes);
    remember(changes, generated);
    await print(report(before, changes, remove ? mentions(workplace.folder, name) : []));
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    await note(`${seconds} s; ${nextStep(kind, name, remove ?? false)}`);
  } finally {
    workplace.remove();
  }
}

function editsFor(kind: NewKind, name: string, { like, remove }: Required<NewOptions>): Changes {
  if (kind === "pattern") return remove ? removePattern(projectRoot, name) : addPattern(projectRoot, name);
  return remove ? removeService(projectRoot, name) : addService(projectRoot, name, like);
}

/** Says what comes next. */
function nextStep(kind: NewKind, name: string, removed: boolean): string {
  if (kind === "pattern" && !removed)
    return `\`pattern: ${name}\` of a service now plans and runs it; CONTRIBUTING.md says what is left`;
  return removed ? "the next start runs without it" : `the next \`npm start\` runs it at /${name}/`;
}

/** Prints what is done, and then how long it took. */
async function step(what: string, work: () => Promise<void>): Promise<void> {
  const startedAt = Date.now();
  await note(`${what} ...`);
  await work();
  await note(`  ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

async function format(workplace: Workplace, edits: Changes): Promise<void> {
  const files = [...edits].flatMap(([path, text]) => (text !== undefined && path.endsWith(".ts") ? [path] : []));
  const biome = ["node_modules/@biomejs/biome/bin/biome", "check", "--write", "--vcs-enabled=false"];
  await workplace.run([...biome, ...files], "the new files break a rule of the project");
}

/** Texts of all sources, by path. */
type Texts = ReadonlyMap<string, string>;

function textsOf(root: string): Texts {
  return new Map(sourceFiles(root).map((path) => [path, textOf(root, path) ?? ""]));
}

function changesBetween(before: Texts, after: Texts): Changes {
  const gone = [...before.keys()].filter((path) => !after.has(path));
  const changed = [...after].filter(([path, text]) => before.get(path) !== text);
  return new Map<string, string | undefined>([...changed, ...gone.map((path) => [path, undefined] as const)]);
}

/** Refuses to write over texts that neither git nor this command has. */
function checkOverwritten(): void {
  const own = remembered();
  const lost = uncommitted(projectRoot, generatedFiles).filter(
    (path) => digest(textOf(projectRoot, path) ?? "") !== own[path],
  );
  if (lost.length === 0) return;
  throw new UserError(
    `generated files must have no changes that git does not have, got ${lost.join(", ")}; commit them, or restore them with git`,
  );
}

function checkUnchanged(before: Texts, changes: Changes): void {
  const other = [...changes.keys()].find((path) => textOf(projectRoot, path) !== before.get(path));
  if (other === undefined) return;
  throw new UserError(`${other} was changed while the command ran; run it again; nothing was changed by it`);
}

function remembered(): Readonly<Record<string, string>> {
  try {
    return JSON.parse(textOf(projectRoot, generatedTexts) ?? "{}");
  } catch {
    return {};
  }
}

function remember(changes: Changes, generated: readonly string[]): void {
  const digests = generated.map((path) => [path, digest(changes.get(path) ?? "")]);
  mkdirSync(join(projectRoot, dirname(generatedTexts)), { recursive: true });
  writeFileSync(join(projectRoot, generatedTexts), JSON.stringify({ ...remembered(), ...Object.fromEntries(digests) }));
}

/** Returns the tests that still name a service; they have to be edited by hand. */
function mentions(root: string, service: string): string[] {
  const name = new RegExp(`["'\`/]${service}["'\`/]`);
  const named = [...textsOf(root)].filter(([path, text]) => path.startsWith("tests/") && name.test(text));
  return named.map(([path]) => path).filter((path) => !path.startsWith("tests/snapshots/") && path !== ownTest);
}

function report(before: Texts, changes: Changes, named: readonly string[]): string {
  const verb = (path: string, text: string | undefined) =>
    text === undefined ? "deleted" : before.has(path) ? "changed" : "made";
  const lines = [...changes]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([path, text]) => `${verb(path, text)} ${path}`);
  return [...lines, ...named.map((path) => `still names it: ${path}`)].join("\n");
}
