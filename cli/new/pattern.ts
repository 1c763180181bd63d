import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../graph/user-error";
import { classNames, patternKeys, platformSchema } from "../../stacks/config/schema";
import { camelName, renamer } from "./names";
import { type Changes, textOf } from "./tree";

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
  if (!/^[a-z][a-z0-9]{1,19}$/.test(pattern)) {
    throw new UserError(
      `a pattern must be named with 2 to 20 lower-case letters and digits, a letter first, got ${JSON.stringify(pattern)}; try nomad`,
    );
  }
  const folders = [`infra/compute/${pattern}`, `local/${pattern}`];
  const used = folders.find((folder) => existsSync(join(root, folder)));
  if (used !== undefined || taken.includes(pattern)) {
    throw new UserError(
      `a new pattern must have a name of its own, got ${pattern}, which ${used === undefined ? "configuration has" : `${used} has`}; choose another`,
    );
  }
  const rename = renamer("template", pattern);
  const reader = rename("readTemplateServers");
  const copy = (file: string) => rename(read(root, `${template}/${file}`));
  return new Map([
    [`infra/compute/${pattern}/pattern.ts`, copy("infra/pattern.ts")],
    [`local/${pattern}/servers.ts`, copy("local/servers.ts")],
    inserted(root, registry, [
      [/^(import type \{ ComputePattern)/m, `import { ${camelName(pattern)} } from "./${pattern}/pattern";\n$1`],
      [/(computePatterns = \{ [^}]*?) \}/, `$1, ${camelName(pattern)} }`],
    ]),
    inserted(root, readers, [
      [/^(import type \{ ServerGroup)/m, `import { ${reader} } from "./${pattern}/servers";\n$1`],
      [/(serverGroupReaders[^[]*\[\] = \[[^\]]*?),?\n?\]/, `$1, ${reader}]`],
    ]),
    inserted(root, rooms, [
      [/(\| `infra\/compute\/` \|[^|]*`infra\/compute\/lambda\/`)/, `$1, \`infra/compute/${pattern}/\``],
      [/^(\| `local\/lambda\/` \|)/m, `| \`local/${pattern}/\` | servers of the pattern \`${pattern}\` |\n$1`],
    ]),
  ]);
}

function read(root: string, path: string): string {
  const text = textOf(root, path);
  if (text === undefined) throw new UserError(`${path} must be there, got no such file; restore it`);
  return text;
}

function inserted(root: string, path: string, edits: readonly (readonly [place: RegExp, text: string])[]) {
  const text = edits.reduce(
    (each, [place, line]) => {
      if (!place.test(each)) {
        throw new UserError(`${path} must have the form that it was written in, got no ${place}; restore it`);
      }
      return each.replace(place, line);
    },
    read(root, path),
  );
  return [path, text] as const;
}
