import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../../graph/project-root";
import { withDefaults } from "../../helpers/configuration";

/** Fewer lines than this, without comments and empty lines. */
const mostLines = { dev: 30, prod: 40 } as const;

/** The values of the file by key without `platform:`. */
function written(text: string): any {
  const config = Object.entries(parse(text).config).map(([key, value]) => [key.slice("platform:".length), value]);
  return Object.fromEntries(config);
}

/** Paths of every key that could be taken out. */
function keysOf(value: any, at: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const here = [...at, Array.isArray(value) ? Number(key) : key];
    return [...(Array.isArray(value) ? [] : [here]), ...keysOf(each, here)];
  });
}

for (const [environment, most] of Object.entries(mostLines)) {
  describe(`Pulumi.${environment}.yaml`, () => {
    const text = readFileSync(join(projectRoot, `Pulumi.${environment}.yaml`), "utf8");

    it(`has fewer than ${most} lines`, () => {
      const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
      assert.ok(lines.length > 10 && lines.length < most, `${lines.length} lines`);
    });

    it("says only what differs from the defaults", () => {
      const whole = JSON.stringify(withDefaults(written(text)));
      const keys = keysOf(written(text));
      assert.ok(keys.length > 20);
      const same = keys.filter((key) => {
        const config = written(text);
        const parent = key.slice(0, -1).reduce((each, part) => each[part], config);
        delete parent[key.at(-1)!];
        return JSON.stringify(withDefaults(config)) === whole;
      });
      assert.deepEqual(same, []);
    });
  });
}

describe("Pulumi.yaml", () => {
  it("declares no key: the CLI would demand it, or have a second default", () => {
    assert.ok(!("config" in parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8"))));
  });
});
