import assert from "node:assert/strict";
import fc from "fast-check";
import { HttpError } from "../../apps/kit/errors";
import { nestsDeeperThan, parseJson } from "../../apps/kit/json";

const encode = (text: string) => new TextEncoder().encode(text);
const nested = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 12, depthSize: "large" },
    fc.oneof(fc.constantFrom(null, true, '[{"', "\\", '\\"[', "}]"), fc.integer(), fc.string()),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "[", '"{', "\\"), tie("value"), { maxKeys: 3 }),
  ),
})).value;

/** The obvious recursive definition. */
function depthOf(value: unknown): number {
  return typeof value === "object" && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map((child) => depthOf(child)))
    : 0;
}

describe("JSON body", () => {
  it("is deep exactly when the recursive definition says so", () => {
    fc.assert(
      fc.property(nested, fc.integer({ min: 0, max: 12 }), fc.constantFrom(undefined, 2), (value, limit, indent) => {
        assert.equal(nestsDeeperThan(JSON.stringify(value, null, indent), limit), depthOf(value) > limit);
      }),
      { numRuns: 500 },
    );
  });

  it("comes through unchanged when it is harmless", () => {
    fc.assert(
      fc.property(nested, (value) => {
        assert.deepEqual(parseJson(encode(JSON.stringify(value))), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("is read or refused with 400, whatever the bytes", () => {
    const bytes = fc.oneof(fc.uint8Array(), fc.json().map(encode), fc.string({ unit: "binary" }).map(encode));
    fc.assert(
      fc.property(bytes, (input) => {
        try {
          parseJson(input);
        } catch (error) {
          assert.ok(error instanceof HttpError);
          assert.equal(error.status, 400);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("may nest 32 levels and hold 2^53 - 1, and no more", () => {
    const arrays = (depth: number) => encode("[".repeat(depth) + "]".repeat(depth));
    parseJson(arrays(32));
    assert.throws(() => parseJson(arrays(33)), /deeper than 32/);
    assert.equal(parseJson(encode("9007199254740991")), Number.MAX_SAFE_INTEGER);
    for (const number of ["9007199254740992", "-9007199254740992", "1e400", "1e300"]) {
      assert.throws(() => parseJson(encode(number)), /too large/, number);
    }
  });

  it("is refused with its byte order mark, by that name", () => {
    assert.throws(() => parseJson(encode("\ufeff{}")), /byte order mark/);
  });

  it("is scanned in time proportional to its length", () => {
    const started = performance.now();
    const hostile = [`"${"\\".repeat(262_143)}`, "[".repeat(262_144), '{"a":['.repeat(40_000), "]".repeat(262_144)];
    for (const source of hostile) {
      assert.throws(() => parseJson(encode(source)), HttpError);
    }
    assert.ok(performance.now() - started < 500);
  });
});
