import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { rules } from "../../policy/rules";
import { rulesDocument } from "./docs";

describe("policy: the list of rules", () => {
  const wanted = rulesDocument();

  it("docs/policy-rules.md says what the code does", () => {
    const path = join(projectRoot, "docs/policy-rules.md");
    if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(path, wanted);
    assert.equal(readFileSync(path, "utf8"), wanted, "run `UPDATE_DOCS=1 npx mocha tests/policy/rules-page.spec.ts`");
  });

  it("has every rule once, on one line", () => {
    const listed = [...wanted.matchAll(/^\| \[([a-z0-9-]+)\]\(/gm)].map(([, name]) => name!);
    assert.deepEqual(listed.sort(), rules.map(({ name }) => name).sort());
  });
});
