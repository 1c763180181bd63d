import assert from "node:assert/strict";
import fc from "fast-check";
import { boundedName, logicalName, nameLimits } from "../../../infra/naming/names";

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/);
const name = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join("-"));
const limit = fc.integer({ min: 9, max: 64 });

describe("boundedName", () => {
  it("keeps a name that fits", () => {
    assert.equal(boundedName("eu-west-1-shipping", 18), "eu-west-1-shipping");
  });

  it("cuts a longer one and closes it with seven hex digits of its hash", () => {
    assert.equal(boundedName("eu-west-1-price-calculator-targets", 24), "eu-west-1-price-fd69668");
  });

  it("never exceeds the limit, keeps the beginning, and is a valid AWS name", () => {
    fc.assert(
      fc.property(name, limit, (long, max) => {
        const bounded = boundedName(long, max);
        assert.ok(bounded.length <= max);
        assert.match(bounded, /^[a-z](-?[a-z0-9])*$/);
        assert.equal(bounded[0], long[0]);
      }),
    );
  });

  it("gives the same result for the same name, and keeps apart names that begin alike", () => {
    fc.assert(
      fc.property(name, word, word, limit, (base, a, b, max) => {
        assert.equal(boundedName(`${base}-${a}`, max), boundedName(`${base}-${a}`, max));
        if (a !== b) assert.notEqual(boundedName(`${base}-${a}`, max), boundedName(`${base}-${b}`, max));
      }),
    );
  });

  it("refuses what AWS would refuse", () => {
    for (const bad of [
      "",
      "Food",
      "food_store",
      "-food",
      "food-",
      "food--store",
      "1food",
      "food\nstore",
      "__proto__",
    ]) {
      assert.throws(() => boundedName(bad, 32), RangeError, bad);
    }
    assert.throws(() => boundedName("food", 8), RangeError);
  });
});

describe("logicalName", () => {
  it("leaves room for the provider's eight random characters", () => {
    const long = "a".repeat(100);
    const physical = (thing: keyof typeof nameLimits) => `${logicalName(long, thing)}-1234567`.length;
    assert.deepEqual(
      Object.fromEntries(
        (Object.keys(nameLimits) as (keyof typeof nameLimits)[]).map((thing) => [thing, physical(thing)]),
      ),
      {
        loadBalancer: 32,
        targetGroup: 32,
        beanstalkEnvironment: 40,
        role: 64,
        lambdaFunction: 64,
        bucket: 63,
        schedule: 64,
        scheduleGroup: 64,
        queue: 80,
        pipe: 64,
      },
    );
  });
});
