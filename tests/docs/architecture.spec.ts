import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../graph/project-root";
import { importsOf } from "../conformance/sources";

const page = "docs/architecture.md";
const read = (path: string) => readFileSync(join(projectRoot, path), "utf8");

/** Names of the folders in a folder that contain files; empty ones are not part of a checkout. */
function foldersIn(path: string): string[] {
  return readdirSync(join(projectRoot, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
    .map(({ name }) => posix.join(path, name))
    .filter((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true }).some((entry) => entry.isFile()),
    );
}

/** Cells of the rows of a page's tables, in one section of it. */
function rowsOf(text: string, section: string): string[][] {
  const part = text.split(/^## /m).find((each) => each.startsWith(`${section}\n`));
  assert.ok(part, `${page} has a section "${section}"`);
  return [...part.matchAll(/^\| (`.*) \|$/gm)].map(([, row]) => row!.split("|").map((cell) => cell.trim()));
}

const codeOf = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

describe(page, () => {
  const text = read(page);
  const roots = foldersIn(".");

  it("names paths that exist", () => {
    const below = new RegExp(`(?<![\\w/.-])(?:${roots.join("|")})/[\\w./-]*`, "g");
    const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link]) => posix.join("docs", link!));
    const named = [...new Set([...(text.match(below) ?? []).map((path) => path.replace(/\.$/, "")), ...links])];
    assert.ok(named.length > 60, `${named.length} paths`);
    assert.deepEqual(
      named.filter((path) => !existsSync(join(projectRoot, path))),
      [],
    );
  });

  it("lists every folder of the top level, of infra/ and of local/", () => {
    const listed = new Set(rowsOf(text, "Folders").map(([first]) => codeOf(first!)[0]));
    const folders = [...roots, ...foldersIn("infra"), ...foldersIn("local")];
    assert.deepEqual([...listed].sort(), folders.map((folder) => `${folder}/`).sort());
  });

  it("leads from a line of configuration to what runs, each file by the code that it shows", () => {
    const steps = rowsOf(text, "From one line of configuration to what runs").map(([file, , code]) => ({
      file: codeOf(file!)[0]!,
      code: codeOf(code!)[0]!,
    }));
    assert.deepEqual(
      steps.map(({ file }) => file),
      [
        "Pulumi.dev.yaml",
        "stacks/compute-layer.ts",
        "infra/compute/registry.ts",
        "infra/compute/ecs/pattern.ts",
        "infra/compute/ecs/ecs-service.ts",
        "local/ecs/ecs-services.ts",
      ],
    );
    for (const { file, code } of steps) assert.ok(read(file).includes(code), `${file} has no ${code}`);
    assert.equal(parse(read("Pulumi.dev.yaml")).config["platform:services"]["food-store"].pattern, "ecs");

    const imports = (from: string, to: string) =>
      assert.ok(
        importsOf({ path: from, text: read(from) }).some((each) => each.to === to),
        `${from} does not import ${to}`,
      );
    for (const [i, { file }] of steps.slice(1, 4).entries()) imports(file, steps[i + 2]!.file);
    imports("local/workload-readers.ts", "local/ecs/ecs-services.ts");
  });
});
