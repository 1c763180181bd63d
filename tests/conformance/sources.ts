import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, normalize, posix } from "node:path";
import * as ts from "typescript";
import { projectRoot } from "../../graph/project-root";

/** Folders of the program; tests and benches are not part of it. */
export const folders = ["stacks", "account", "infra", "apps", "policy", "graph", "local", "verify", "cli"] as const;
export type Folder = (typeof folders)[number];

export interface Source {
  /** From the project's root: `infra/naming/names.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Every source below a folder, in the order of paths. */
export function sourcesOf(folder: Folder): Source[] {
  const root = join(projectRoot, folder);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.[cm]?[jt]s$/.test(path))
    .map((path) => posix.join(folder, path.replaceAll("\\", "/")))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(projectRoot, path), "utf8") }));
}

export interface Import {
  /** The importing file. */
  readonly from: string;
  /** The imported file, or the package with its path: `infra/naming/names.ts`, `@pulumi/aws/ec2`, `node:fs`. */
  readonly to: string;
  readonly local: boolean;
  /** Only types are imported: nothing is left of it when the program runs. */
  readonly erased: boolean;
}

/** Imports, requires and re-exports of a source, types included, as the compiler finds them. */
export function importsOf({ path, text }: Source): Import[] {
  const types = typeImports(path, text);
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => {
    const local = fileName.startsWith(".");
    const to = local ? resolve(normalize(join(path, "..", fileName))) : fileName;
    return { from: path, to, local, erased: types.has(fileName) };
  });
}

/** Modules that a source imports by `import type` or `export type`, or names only types of. */
function typeImports(path: string, text: string): Set<string> {
  const found = new Map<string, boolean>();
  for (const statement of ts.createSourceFile(path, text, ts.ScriptTarget.ES2022).statements) {
    if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))) continue;
    if (!statement.moduleSpecifier || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const name = statement.moduleSpecifier.text;
    found.set(name, (found.get(name) ?? true) && isTypeOnly(statement));
  }
  return new Set([...found].filter(([, type]) => type).map(([name]) => name));
}

function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (clause === undefined || clause.isTypeOnly) return clause !== undefined;
  const bindings = clause.namedBindings;
  if (clause.name || !bindings || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.every((element) => element.isTypeOnly);
}

/** A dynamic import names the file that TypeScript would write, `./start.js` for start.ts. */
function resolve(path: string): string {
  const written = path.replace(/\.js$/, ".ts");
  const found = [written, ...["", ".ts", ".mts", "/index.ts"].map((end) => path + end)].find(isFile);
  if (found === undefined) throw new Error(`${path} is imported and does not exist`);
  return found;
}

const isFile = (path: string) => /\.[a-z]+$/.test(path) && existsSync(join(projectRoot, path));
