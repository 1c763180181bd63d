import assert from "node:assert/strict";
import { evaluate } from "../../graph/policy/evaluate";
import { everySeverity } from "./config";
import { graphOf, type World } from "./helpers";
import { worlds } from "./worlds";

describe("policy: the compliant fixtures", () => {
  for (const [name, world] of Object.entries<World>(worlds)) {
    it(`${name} has no finding, and nothing in it goes unevaluated`, async () => {
      const found = await evaluate(graphOf(world.draft), { configOf: everySeverity(world.config) });
      assert.deepEqual(
        found.map(({ policy, message }) => `${policy}: ${message}`),
        [],
      );
    });
  }
});
