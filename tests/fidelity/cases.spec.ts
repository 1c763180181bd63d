import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { stopAll } from "../local/apigateway/http/helpers/running";
import { type FidelityCase, readCases } from "./cases";
import { differences } from "./match";
import { observe } from "./observe";

const areas = readCases();
const all = [...areas.values()].flat();
const deviations = all.filter(({ deviation }) => deviation !== undefined);

describe("the local gateway answers as AWS", () => {
  afterEach(stopAll);

  for (const [area, cases] of areas) {
    describe(area, () => {
      for (const each of cases.filter(({ deviation }) => deviation === undefined)) {
        it(`${each.id} (${each.grade})`, async () => assert.deepEqual(await differencesOf(each), [], each.source));
      }
    });
  }

  for (const each of deviations) {
    it(`${each.id} deviates, as it says`, async () => assert.notDeepEqual(await differencesOf(each), []));
  }
});

describe("the cases of what AWS does", () => {
  it("have ids of their own and a source each", () => {
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
    assert.deepEqual(
      all.filter(({ source }) => source.length < 20),
      [],
    );
  });

  it("are all there", () => {
    const counts = { recorded: 0, documented: 0, "third-party": 0, observed: 0 };
    for (const { grade } of all) counts[grade]++;
    assert.deepEqual(counts, { recorded: 29, documented: 71, "third-party": 42, observed: 15 });
  });

  it("name each deviation in docs/local.md", () => {
    const page = readFileSync(join(projectRoot, "docs/local.md"), "utf8");
    assert.deepEqual(
      deviations.filter(({ id }) => !page.includes(id)),
      [],
    );
  });
});

describe("differences", () => {
  it("compares objects in part, and everything else in full", () => {
    assert.deepEqual(differences({ a: { b: [1] } }, { a: { b: [1], c: 2 } }), []);
    assert.deepEqual(differences({ a: { b: [1] } }, { a: { b: [1, 2] } }), [".a.b: expected [1], got [1,2]"]);
    assert.deepEqual(differences({ a: 1 }, { a: "1" }), ['.a: expected 1, got "1"']);
    assert.deepEqual(differences({ a: null }, {}), [".a: expected null, got nothing"]);
    assert.deepEqual(differences({ a: { b: 1 } }, {}), ['.a: expected {"b":1}, got nothing']);
  });

  it("knows absent fields and regular expressions", () => {
    assert.deepEqual(differences({ a: "(absent)" }, {}), []);
    assert.deepEqual(differences({ a: "(absent)" }, { a: 1 }), [".a: expected none, got 1"]);
    assert.deepEqual(differences({ a: "matches ^4\\d\\d$" }, { a: 431 }), []);
    assert.deepEqual(differences({ a: "matches ^4" }, { a: 500 }), [".a: matches ^4, got 500"]);
  });
});

async function differencesOf({ expected, ...each }: FidelityCase): Promise<string[]> {
  return differences(expected, await observe({ ...each, expected }));
}
