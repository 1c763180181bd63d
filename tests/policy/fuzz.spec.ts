import assert from "node:assert/strict";
import type { PlannedResource } from "../../graph/model";
import { evaluate } from "../../graph/policy/evaluate";
import { rules } from "../../policy/rules";
import { Stack } from "../../policy/stack/stack";
import { T, tokensOf } from "../../policy/stack/types";
import { UnknownInput } from "../../policy/stack/unknown";
import { argumentsOf } from "./arguments";
import { everySeverity } from "./config";
import { checkOne, rawOf } from "./direct";
import { graphOf, type World } from "./helpers";
import { worlds } from "./worlds";

/** Values that nobody expects where they are. */
const odd: readonly unknown[] = [
  null,
  "",
  "x",
  "*",
  "{",
  '{"Statement":[{"Principal":[null],"Action":{"a":1},"Condition":"x"}]}',
  "[1,null,{}]",
  0,
  -1,
  1e300,
  true,
  [],
  [null],
  [[]],
  [{}],
  ["x", 1, { name: null, value: {} }],
  {},
  { enabled: [], rules: [{}], settings: null, name: 7 },
];
const types = [
  ...new Set(rules.flatMap((rule) => (rule.scope === "program" ? [] : rule.types)).concat(Object.values(T))),
].flatMap(tokensOf);

describe("policy: resources of any shape", function () {
  this.timeout(30_000);

  it("has the arguments of nearly every type from the provider's declarations", () => {
    const unreadable = types.filter((type) => argumentsOf(type).length === 0);
    assert.ok(types.length - unreadable.length > 75, String(types.length));
    assert.deepEqual(
      unreadable.filter((type) => !/^awsx:|:(applicationloadbalancing|elasticloadbalancingv2)\//.test(type)),
      [],
    );
  });

  it("makes no rule throw, whatever an argument holds", () => {
    const random = generator(1);
    for (let round = 0; round < 20; round++) {
      const resources = types.map((type, i) => resourceOf(type, `${i}`, fill(argumentsOf(type), random)));
      run(
        resources.flatMap((one) => [one, { ...one, urn: `${one.urn}-2`, inputs: fill(argumentsOf(one.type), random) }]),
      );
    }
  });

  it("makes no rule throw when any property of a sound program is missing or unknown", () => {
    for (const world of Object.values<World>(worlds)) {
      const graph = graphOf(world.draft);
      for (const mode of ["missing", "unknown"] as const) {
        for (let part = 0; part < 5; part++) {
          run(
            graph.resources.map((one, i) => ({
              ...one,
              inputs: spoil(one.inputs, mode, part + i),
              outputs: spoil(one.outputs, mode, part + i),
            })),
          );
        }
      }
    }
  });

  it("goes through the evaluator as well, with unknowns on the wire", async () => {
    const random = generator(2);
    const resources = types.map((type, i) =>
      resourceOf(type, `${i}`, fill(argumentsOf(type), random, ["[unknown]", "[secret]"])),
    );
    const found = await evaluate(
      { project: "shop", stack: "prod", resources, outputs: {} },
      { configOf: everySeverity() },
    );
    assert.ok(found.length > 100 && found.some(({ level }) => level === "not-evaluated"));
  });
});

function run(resources: readonly PlannedResource[]): void {
  const stack = new Stack(rawOf({ project: "shop", stack: "prod", resources, outputs: {} }, lazyProps));
  for (const rule of rules) {
    try {
      checkOne(rule, stack, everySeverity());
    } catch (error) {
      throw new Error(`rule ${rule.name} throws: ${(error as Error).stack}`);
    }
  }
}

/** Inputs over outputs, without reading either. */
function lazyProps({ inputs, outputs }: PlannedResource): Record<string, any> {
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(outputs), ...Object.getOwnPropertyDescriptors(inputs) },
  );
}

function resourceOf(type: string, name: string, inputs: Record<string, any>): PlannedResource {
  const urn = `urn:pulumi:prod::shop::${type}::r${name}`;
  // Everything depends on a few others, so that links lead somewhere.
  const others = types.slice(0, 40).map((other, i) => `urn:pulumi:prod::shop::${other}::r${i}`);
  const propertyDependencies = Object.fromEntries(Object.keys(inputs).map((key) => [key, others]));
  return {
    urn,
    type,
    name: `r${name}`,
    custom: true,
    remote: false,
    inputs,
    outputs: { id: `id-${name}`, ...inputs },
    dependencies: others,
    propertyDependencies,
    protect: false,
    ignoreChanges: [],
  };
}

function fill(names: readonly string[], random: () => number, more: readonly unknown[] = []): Record<string, any> {
  const pool = [...odd, ...more, ...more, ...more];
  const pick = () => pool[Math.floor(random() * pool.length)];
  return Object.fromEntries(
    names
      .filter(() => random() < 0.8)
      .map((name) => [
        name,
        random() < 0.3 ? { [names[0] ?? "a"]: pick(), rules: [pick()], settings: pick() } : pick(),
      ]),
  );
}

/** Takes every fifth property away, or makes reading it what reading an unknown is. */
function spoil(props: Readonly<Record<string, any>>, mode: "missing" | "unknown", part: number): Record<string, any> {
  const result: Record<string, any> = {};
  for (const [i, [key, value]] of Object.entries(props).entries()) {
    if (i % 5 !== part % 5) result[key] = value;
    else if (mode === "unknown") {
      Object.defineProperty(result, key, {
        enumerable: true,
        get() {
          throw new UnknownInput(key);
        },
      });
    }
  }
  return result;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
