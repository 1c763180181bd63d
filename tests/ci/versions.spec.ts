import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

const root = resolve(__dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

describe("the versions of Node", () => {
  const own = read(".nvmrc").trim();
  const [major, minor] = own.split(".").map(Number);

  it("are one for developers and the services' image", () => {
    assert.match(own, /^\d+\.\d+\.\d+$/);
    assert.ok(read("apps/bundler/Dockerfile").includes(`/node:${own}-slim@`));
    assert.ok(JSON.parse(read(".devcontainer/devcontainer.json")).image.includes(`-${major}-`));
  });

  it("are not older than package.json allows, and new enough for Node to run the comment's TypeScript", () => {
    const [oldestMajor, oldestMinor] = /^>=(\d+)\.(\d+)$/.exec(JSON.parse(read("package.json")).engines.node)!.slice(1);
    assert.ok(major! > Number(oldestMajor) || (major === Number(oldestMajor) && minor! >= Number(oldestMinor)));
    assert.ok(major! > 22 || (major === 22 && minor! >= 18), own);
  });

  it("are those of the README where every check runs", () => {
    const { node } = parse(read(".github/workflows/check.yml")).jobs.check.strategy.matrix;
    const [, said] = /\(([\d, and]+) are tested\)/.exec(read("README.md"))!;
    assert.deepEqual(node, said!.match(/\d+/g)!.map(Number));
  });
});
