import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { environments, planned } from "../conformance/plans";
import { snapshotLines } from "./snapshot";

/** What stands for every resource of a plan in a review: `type name`, sorted. */
function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

describe("the resources of each stack", () => {
  for (const environment of environments) {
    it(`are those of tests/snapshots/${environment}.txt`, async () => {
      const now = snapshotLines((await planned(environment)).graph);
      const file = join(projectRoot, "tests", "snapshots", `${environment}.txt`);
      const before = lines(readFileSync(file, "utf8"));
      const gone = before.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
      const made = now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
      const change = [...gone, ...made].join("\n");
      assert.equal(change, "", `${file} differs from the plan; if that is meant, \`npm run generate\`:\n${change}\n`);
      assert.deepEqual(before, now);
    });
  }
});
