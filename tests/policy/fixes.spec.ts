import assert from "node:assert/strict";
import { evaluate } from "../../graph/policy/evaluate";
import { partsOf } from "../../policy/pack/run";
import { rules } from "../../policy/rules";
import { argumentsOf } from "./arguments";
import { type Case, findingsOf } from "./case";
import { cases } from "./cases";
import { everySeverity } from "./config";
import { fixes } from "./fixes";
import { broken, type Draft, graphOf, type World } from "./helpers";
import { worlds } from "./worlds";

/** What a fix sets, and the resource that it names where it is not the one of the finding. */
interface Change {
  readonly on?: string;
  readonly settings: readonly (readonly [path: string, value: unknown])[];
}

/** Reads `set a.b to true and c to 3 on S3 bucket "x", or ...`; undefined for a fix whose values are in words. */
function changeOf(fix: string): Change | undefined {
  const [first = ""] = fix.split(", ");
  const [, body = "", on] = /^set (.*?)(?: on \S.* "([^"]+)")?$/.exec(first) ?? [];
  const settings = body.split(" and ").map((each) => /^([\w.]+) to (\S+)(?: or \S+)?$/.exec(each));
  if (!settings.every((one) => one !== null)) return undefined;
  return { ...(on !== undefined && { on }), settings: settings.map(([, path, value]) => [path!, parsed(value!)]) };
}

function parsed(value: string): unknown {
  return /^(true|false|-?[\d.]+|\[.*\])$/.test(value) ? JSON.parse(value) : value;
}

const applicable = Object.entries(fixes).flatMap(([name, fix]) => {
  const change = changeOf(fix);
  return change === undefined ? [] : [{ name, own: cases[name]!, change }];
});

describe("policy: fixes that name the property and the value", () => {
  it("are those of 60 rules or more", () => {
    assert.ok(applicable.length >= 60, String(applicable.length));
  });

  for (const { name, own, change } of applicable) {
    it(`${name}: its fix, applied, removes the finding`, async () => {
      const rule = rules.find((one) => one.name === name)!;
      const draft = drafted(own);
      const holder = change.on ?? own.on;
      const fixed = change.settings.reduce((all, [path, value]) => broken(all, holder, path, value), draft);
      const config = everySeverity({ ...(worlds[own.world] as World).config, ...own.config });
      const found = await evaluate(graphOf(fixed), { rules: [rule], configOf: config });
      assert.deepEqual(
        found.map(({ message }) => message),
        [],
      );
    });

    it(`${name}: its fix sets arguments that the provider has`, () => {
      const known = argumentsOf(drafted(own)[change.on ?? own.on]![0]);
      const unknown = change.settings.map(([path]) => path.split(".")[0]!).filter((key) => !known.includes(key));
      assert.deepEqual(unknown, []);
    });
  }

  it("have no semicolon, which ends what a message says", async () => {
    assert.deepEqual(
      [...rules.map(({ fix }) => fix), ...Object.values(fixes)].filter((fix) => fix.includes("; ")),
      [],
    );
    const [found] = await findingsOf(cases["zones"]!, true);
    assert.equal(partsOf(found!.message).join("; "), found!.message);
  });
});

/** The program that a case makes of its world. */
function drafted({ world, change, add }: Case): Draft {
  return change.reduce((all, [name, path, value]) => broken(all, name, path, value), {
    ...worlds[world].draft,
    ...add,
  } as Draft);
}
