import assert from "node:assert/strict";
import { evaluate } from "../../graph/policy/evaluate";
import { partsOf } from "../../policy/pack/run";
import { rules } from "../../policy/rules";
import { everySeverity } from "./config";
import { fixtures } from "./fixtures";
import { graphOf } from "./helpers";

describe("policy: programs that a rule accepts, and programs it finds something in", () => {
  for (const { title, rule, draft, stack = "prod", config = {}, finds } of fixtures) {
    it(`${rule} ${title}`, async () => {
      const own = rules.filter(({ name }) => name === rule);
      assert.equal(own.length, 1, `there is no rule ${rule}`);
      const found = await evaluate(graphOf(draft, stack), { rules: own, configOf: everySeverity(config) });
      assert.deepEqual(
        found.map(({ urn, message }) => ({
          on: urn.split("::").at(-1),
          says: partsOf(message)[0],
        })),
        finds,
      );
    });
  }
});
