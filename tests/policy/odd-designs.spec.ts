import assert from "node:assert/strict";
import { evaluate } from "../../graph/policy/evaluate";
import { graphOf } from "./helpers";
import { oddDesigns } from "./odd-designs";

describe("policy: designs of services that few rules know", () => {
  for (const [title, draft] of Object.entries(oddDesigns)) {
    it(`${title}: nothing is reported, and nothing is left unevaluated`, async () => {
      const found = await evaluate(graphOf(draft));
      assert.deepEqual(
        found.map(({ level, policy, message }) => `${level} ${policy}: ${message}`),
        [],
      );
    });
  }
});
