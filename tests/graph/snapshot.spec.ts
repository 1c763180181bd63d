import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { environments, planned } from "../conformance/plans";

/** What stands for every resource of a plan in a review: `type name`, sorted. */
function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

describe("the resources of each stack", () => {
  for (const environment of environments) {
    it(`are those of tests/snapshots/${environment}.txt`, async () => {
      const { graph } = await planned(environment);
      const now = graph.resources.map(({ type, name }) => `${type} ${name}`).sort();
      const file = join(projectRoot, "tests", "snapshots", `${environment}.txt`);
      if (process.env["UPDATE_SNAPSHOTS"] === "1") writeFileSync(file, `${now.join("\n")}\n`);
      const before = lines(readFileSync(file, "utf8"));
      const gone = before.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
      const made = now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
      const change = [...gone, ...made].join("\n");
      assert.equal(change, "", `${file} differs from the plan; if that is meant, set UPDATE_SNAPSHOTS=1:\n${change}\n`);
      assert.deepEqual(before, now);
    });
  }
});
