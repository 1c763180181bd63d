import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capture } from "../../graph/capture/capture";
import { evaluate, type Finding } from "../../graph/policy/evaluate";
import type { ConfigOf } from "../../policy/pack/policies";
import { orders } from "./other-programs/orders";
import { shop } from "./other-programs/shop";
import { web } from "./other-programs/web";

describe("policy: programs that know nothing of this project", () => {
  for (const [name, program] of Object.entries({ orders, shop, web })) {
    it(`${name}: what the pack finds`, async () => {
      const graph = await capture(program, { project: "shop", stack: "prod", unknowns: "keep" });
      const usual = linesOf(await evaluate(graph));
      const configOf: ConfigOf = (policy) => (policy === "pack" ? { class: "production" } : {});
      const more = linesOf(await evaluate(graph, { configOf })).filter((line) => !usual.includes(line));
      const lines = [...usual, "", "More, with the class set to production:", ...more, ""].join("\n");
      const path = join(__dirname, "other-programs", `${name}.txt`);
      if (process.env["UPDATE_SNAPSHOTS"] !== undefined) writeFileSync(path, lines);
      assert.equal(lines, readFileSync(path, "utf8"), "if that is meant, set UPDATE_SNAPSHOTS=1");
    });
  }
});

function linesOf(found: readonly Finding[]): string[] {
  return found.map(
    ({ level, policy, urn, message }) => `${level} ${policy} ${urn.split("::").at(-1)}: ${message.replace(/; .*/, "")}`,
  );
}
