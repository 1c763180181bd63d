import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { reference } from "./reference";

describe("docs/reference.md", () => {
  it("is what the code says", () => {
    const path = join(projectRoot, "docs/reference.md");
    assert.equal(readFileSync(path, "utf8"), reference(), "run `npm run generate` and review the change");
  });
});
