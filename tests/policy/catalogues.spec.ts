import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CatalogueIds } from "../../policy/pack/rule";
import { rules } from "../../policy/rules";

/** A list of ids that `npm run refresh:catalogues` has made from the catalogue's own package. */
interface Catalogue {
  readonly source: string;
  readonly date: string;
  readonly ids: readonly string[];
}

const files = { securityHub: "security-hub", cdkNag: "cdk-nag", checkov: "checkov" } as const;

function read(file: string): Catalogue {
  return JSON.parse(readFileSync(join(__dirname, "catalogues", `${file}.json`), "utf8"));
}

/** Controls of Security Hub that prowler does not list, read on AWS's pages. */
const { ids: documented }: Catalogue = JSON.parse(
  readFileSync(join(__dirname, "catalogues/security-hub-more.json"), "utf8"),
);

type Ids = readonly { readonly name: string; readonly ids: CatalogueIds }[];

/** Ids that a catalogue does not have. Prowler writes some services of Security Hub with other capitals than AWS. */
function unknownIds(own: Ids, key: keyof typeof files, extra: readonly string[] = []) {
  const fold = (id: string) => (key === "securityHub" ? id.toLowerCase() : id);
  const known = new Set([...read(files[key]).ids, ...extra].map(fold));
  return own.flatMap(({ name, ids }) =>
    (ids[key] ?? []).filter((id) => !known.has(fold(id))).map((id) => `${name}: ${id}`),
  );
}

describe("policy: ids of catalogues", () => {
  for (const key of Object.keys(files) as (keyof typeof files)[]) {
    it(`of ${key} are in the catalogue's own list`, () => {
      const { source, date, ids } = read(files[key]);
      assert.match(`${source} ${date}`, /^[a-z-]+ \d+\.\d+\.\d+ \d{4}-\d\d-\d\d$/);
      assert.ok(ids.length > 100, `${ids.length} ids`);
      assert.deepEqual(unknownIds(rules, key, key === "securityHub" ? documented : []), []);
    });

    it(`of ${key} that do not exist are noticed`, () => {
      assert.deepEqual(unknownIds([{ name: "a", ids: { [key]: ["None.1"] } }], key), ["a: None.1"]);
    });
  }

  it("that are listed by hand are used, and in no list of a package", () => {
    const used = unknownIds(rules, "securityHub").map((line) => line.split(": ")[1]!);
    assert.deepEqual([...new Set(used)].sort(), [...documented].sort());
  });
});
