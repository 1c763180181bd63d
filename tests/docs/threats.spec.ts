import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { fixtures } from "../policy/fixtures";
import { threats } from "../soak/guards/index";
import { threatsPage } from "./threats";

const read = (path: string) => readFileSync(join(projectRoot, path), "utf8");
const all = Object.values(threats).flat();

describe("docs/threats.md", () => {
  it("is what the list of guards says", () => {
    assert.equal(read("docs/threats.md"), threatsPage(), "run `npm run generate` and review the change");
  });

  it("names tests that exist", () => {
    const made = fixtures.map(({ rule, title }) => `${rule} ${title}`);
    for (const { test } of all) {
      const exists = read(test.spec).includes(test.title) || made.includes(test.title);
      assert.ok(test.title.length > 0 && exists, `${test.spec} has no test "${test.title}"`);
    }
  });

  it("has guards whose code is where the soak takes it away", () => {
    for (const { input, removals } of all) {
      assert.ok(removals.length > 0, input);
      for (const { file, text, by } of removals.flat()) {
        assert.equal(read(file).split(text).length - 1, 1, `${input}: ${file} has ${JSON.stringify(text)}`);
        assert.notEqual(by, text, input);
      }
    }
  });
});
