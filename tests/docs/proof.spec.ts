import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { proofs } from "../../graph/proofs/all";
import { rules } from "../../policy/rules";
import { capacityMutations, failoverMutations, requestMutations } from "../graph/proofs/mutations";

const page = readFileSync(join(projectRoot, "docs/proof.md"), "utf8");
const rows = [...page.matchAll(/^\| (\d+) \| (.+) \| (.+) \|$/gm)].map(([, number, statement, how]) => ({
  number: Number(number),
  statement: statement!,
  how: how!,
}));

describe("docs/proof.md", () => {
  it("has every statement from 1 to 23, with how it is shown or why it cannot be", () => {
    assert.deepEqual(
      rows.map(({ number }) => number),
      Array.from({ length: 23 }, (_, index) => index + 1),
    );
  });

  it("says of each statement that has a proof that it has one, and of no other", () => {
    const proven = new Set(proofs.map(({ statement }) => statement));
    for (const { number, how } of rows)
      assert.equal(/^(Proof|Computed)\b/.test(how), proven.has(number), `${number}: ${how}`);
  });

  it("says how many changes break a proof", () => {
    // One more plans a stack of its own.
    const count = failoverMutations.length + capacityMutations.length + requestMutations.length + 1;
    assert.equal(Number(/(\d+) changes in all/.exec(page)?.[1]), count);
  });

  it("names rules that the policy pack has", () => {
    const known = new Set(rules.map(({ name }) => name));
    const named = [...page.matchAll(/[Rr]ules? ((?:`[a-z-]+`(?:,| and)? ?)+)/g)].flatMap(([, list]) =>
      [...list!.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!),
    );
    assert.ok(named.length >= 6, named.join());
    assert.deepEqual(
      named.filter((name) => !known.has(name)),
      [],
    );
  });
});
