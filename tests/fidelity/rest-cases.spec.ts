import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { stopAll } from "../local/apigateway/http/helpers/running";
import { differences } from "./match";
import { type RestCase, readRestCases } from "./rest-cases";
import { observeRest } from "./rest-observe";

const areas = readRestCases();
const all = [...areas.values()].flat();
const deviations = all.filter(({ deviation }) => deviation !== undefined);

describe("the local gateway of REST APIs answers as AWS", () => {
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

describe("the cases of what REST APIs do", () => {
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
    assert.deepEqual(counts, { recorded: 92, documented: 57, "third-party": 16, observed: 10 });
  });

  it("name each deviation in docs/local.md", () => {
    const page = readFileSync(join(projectRoot, "docs/local.md"), "utf8");
    assert.deepEqual(
      deviations.filter(({ id }) => !page.includes(id)),
      [],
    );
  });
});

async function differencesOf({ expected, ...each }: RestCase): Promise<string[]> {
  return differences(expected, await observeRest({ ...each, expected }));
}
