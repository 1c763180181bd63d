import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { stopAll } from "../local/apigateway/http/helpers/running";
import { differences } from "./match";

/** What every case has, whatever it is a case of. */
interface Case {
  readonly id: string;
  /** How it is known. */
  readonly grade: string;
  readonly source: string;
  /** Why the local platform does otherwise. @default it does not */
  readonly deviation?: string | undefined;
  readonly expected: unknown;
}

/** Cases of one gateway. */
interface Cases<Of extends Case> {
  /** What answers. @example "the local gateway of REST APIs" */
  readonly title: string;
  readonly areas: ReadonlyMap<string, readonly Of[]>;
  /** How many cases there are by grade. */
  readonly counts: Readonly<Record<string, number>>;
  /** Page in docs/ that names their deviations. @default "local.md" */
  readonly page?: string;
  observe(each: Of): Promise<unknown>;
}

/** Declares a test for each case, and those of the cases themselves. */
export function describeCases<Of extends Case>({ title, areas, counts, observe, page = "local.md" }: Cases<Of>): void {
  const all = [...areas.values()].flat();
  const deviations = all.filter(({ deviation }) => deviation !== undefined);
  const differencesOf = async (each: Of) => differences(each.expected, await observe(each));

  describe(`${title} answers as AWS`, () => {
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

  describe(`the cases of ${title}`, () => {
    it("have ids of their own and a source each", () => {
      assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
      assert.deepEqual(
        all.filter(({ source }) => source.length < 20),
        [],
      );
    });

    it("are all there", () => {
      const found: Record<string, number> = {};
      for (const { grade } of all) found[grade] = (found[grade] ?? 0) + 1;
      assert.deepEqual(found, counts);
    });

    it(`name each deviation in docs/${page}`, () => {
      const text = readFileSync(join(projectRoot, "docs", page), "utf8");
      assert.deepEqual(
        deviations.filter(({ id }) => !text.includes(id)),
        [],
      );
    });
  });
}
