import { existsSync } from "node:fs";
import { join } from "node:path";
import { readProject } from "../../graph/project";
import { UserError } from "../../graph/user-error";
import { classNames, patternKeys, platformSchema } from "../../stacks/config/schema";
import { camelName, renamer } from "./names";
import { environmentFiles, filesIn, plain } from "./service";
import { type Changes, textOf, uncommitted } from "./tree";

/** Pattern that a new one is a copy of; `tests/conformance/fifth-pattern.spec.ts` plans it and runs it. */
const template = "tests/conformance/fifth-pattern";

const registry = "infra/compute/registry.ts";
const readers = "local/workload-readers.ts";
const rooms = "docs/architecture.md";

/** Names that configuration has at the place where a pattern's own keys stand. */
const taken: readonly string[] = [
  ...Object.keys(platformSchema.shape.services.valueType.shape),
  ...Object.keys(patternKeys),
  ...platformSchema.shape.services.valueType.shape.pattern.options,
  ...classNames,
];

/**
 * Returns the files with which a project has a new pattern: its component, its reader for the local platform, and the
 * line of each.
 */
export function addPattern(root: string, pattern: string): Changes {
  checkName(pattern);
  const used = foldersOf(pattern).find((folder) => existsSync(join(root, folder)));
  if (used !== undefined || taken.includes(pattern)) {
    throw new UserError(
      `a new pattern must have a name of its own, got ${pattern}, which ${used === undefined ? "configuration has" : `${used} has`}; choose another`,
    );
  }
  const reader = readerOf(pattern);
  return new Map([
    ...copies(root, pattern),
    edited(root, registry, [
      [/^(import type \{ ComputePattern)/m, `import { ${camelName(pattern)} } from "./${pattern}/pattern";\n$1`],
      [/(computePatterns = \{ [^}]*?) \}/, `$1, ${camelName(pattern)} }`],
    ]),
    edited(root, readers, [
      [/^(import type \{ ServerGroup)/m, `import { ${reader} } from "./${pattern}/servers";\n$1`],
      [/(serverGroupReaders[^[]*\[\] = \[[^\]]*?),?\n?\]/, `$1, ${reader}]`],
    ]),
    edited(root, rooms, [
      [/(\| `infra\/compute\/` \|[^|]*`infra\/compute\/lambda\/`)/, `$1, \`infra/compute/${pattern}/\``],
      [/^(\| `local\/lambda\/` \|)/m, `| \`local/${pattern}/\` | servers of the pattern \`${pattern}\` |\n$1`],
    ]),
  ]);
}

/**
 * Returns the files with which a project has one pattern less: all that `addPattern` has made or changed.
 * @throws {UserError} when a service runs under it, or files have changes that would be lost
 */
export function removePattern(root: string, pattern: string): Changes {
  checkName(pattern);
  const made = copies(root, pattern);
  const absent = made.find(([path]) => textOf(root, path) === undefined);
  if (absent !== undefined) {
    throw new UserError(
      `--remove must name a pattern that this command has made, got ${pattern}, which has no ${absent[0]}`,
    );
  }
  const users = usersOf(root, pattern);
  if (users.length > 0) {
    throw new UserError(
      `--remove must name a pattern that no service has, got ${pattern}, which is that of ${users.join(", ")}; give them another one`,
    );
  }
  const files = foldersOf(pattern).flatMap((folder) => filesIn(root, folder));
  const lost = uncommitted(root, foldersOf(pattern));
  const isCopy =
    files.length === made.length && made.every(([path, text]) => plain(textOf(root, path) ?? "") === plain(text));
  if (lost.length > 0 && !isCopy) {
    throw new UserError(
      `--remove would delete changes that git does not have, got ${lost.join(", ")}; commit them first, or delete the files yourself`,
    );
  }
  const [name, reader] = [camelName(pattern), readerOf(pattern)];
  return new Map<string, string | undefined>([
    ...files.map((path) => [path, undefined] as const),
    edited(root, registry, [
      [new RegExp(`^import \\{ ${name} \\} from .*\n`, "m"), ""],
      [/(computePatterns = \{)([^}]*)(\})/, withoutItem(name)],
    ]),
    edited(root, readers, [
      [new RegExp(`^import \\{ ${reader} \\} from .*\n`, "m"), ""],
      [/(serverGroupReaders[^[]*\[\] = \[)([^\]]*)(\])/, withoutItem(reader)],
    ]),
    edited(root, rooms, [
      [`, \`infra/compute/${pattern}/\``, ""],
      [new RegExp(`^\\| \`local/${pattern}/\` \\|.*\n`, "m"), ""],
    ]),
  ]);
}

/** Returns the services of every environment that have a pattern, each with its environment's file. */
function usersOf(root: string, pattern: string): string[] {
  return environmentFiles(root).flatMap((file) => {
    const { project, config } = readProject(root, file.split(".")[1]!);
    const services: Readonly<Record<string, any>> = JSON.parse(config[`${project}:services`] ?? "{}");
    const users = Object.keys(services).filter((name) => services[name]?.pattern === pattern);
    return users.map((name) => `${name} in ${file}`);
  });
}

/** Returns what takes one item out of a list. The formatter breaks the line again where it is too long. */
function withoutItem(item: string) {
  return (_: string, open: string, list: string, close: string) => {
    const items = list.split(",").map((one) => one.trim());
    return `${open} ${items.filter((one) => one !== "" && one !== item).join(", ")} ${close}`;
  };
}

function foldersOf(pattern: string): string[] {
  return [`infra/compute/${pattern}`, `local/${pattern}`];
}

function readerOf(pattern: string): string {
  return renamer("template", pattern)("readTemplateServers");
}

/** Returns the files that are copies of the template. */
function copies(root: string, pattern: string): [path: string, text: string][] {
  const copy = (file: string) => renamer("template", pattern)(read(root, `${template}/${file}`));
  return [
    [`infra/compute/${pattern}/pattern.ts`, copy("infra/pattern.ts")],
    [`local/${pattern}/servers.ts`, copy("local/servers.ts")],
  ];
}

function checkName(pattern: string): void {
  if (/^[a-z][a-z0-9]{1,19}$/.test(pattern)) return;
  throw new UserError(
    `a pattern must be named with 2 to 20 lower-case letters and digits, a letter first, got ${JSON.stringify(pattern)}; try nomad`,
  );
}

function read(root: string, path: string): string {
  const text = textOf(root, path);
  if (text === undefined) throw new UserError(`${path} must be there, got no such file; restore it`);
  return text;
}

type Edit = readonly [place: RegExp | string, text: string | ((...found: string[]) => string)];

function edited(root: string, path: string, edits: readonly Edit[]) {
  const text = edits.reduce(
    (each, [place, line]) => {
      if (each.search(place) < 0) {
        throw new UserError(`${path} must have the form that it was written in, got no ${place}; restore it`);
      }
      return each.replace(place, line as string);
    },
    read(root, path),
  );
  return [path, text] as const;
}
