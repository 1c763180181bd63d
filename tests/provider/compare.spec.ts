import assert from "node:assert/strict";
import { UNKNOWN } from "./client/value";
import { differences } from "./compare";

describe("the comparison of what was asked for with what came back", () => {
  it("finds nothing in what was not asked for, is unknown, is in another order, or is the same JSON", () => {
    const wanted = { a: null, b: UNKNOWN, c: ["x", "y"], d: '{"p":1,"q":[2]}', e: [{ id: "1" }, { id: "2" }], f: {} };
    const got = {
      a: 1,
      b: 2,
      c: ["y", "x", "z"],
      d: '{ "q": [2], "p": 1 }',
      e: [{ id: "2", at: 9 }, { id: "1" }],
      f: null,
    };
    assert.deepEqual(differences(wanted, { ...got, f: { g: 1 }, h: 1 }), []);
  });

  it("finds what is dropped, changed or empty, by its path", () => {
    const wanted = { block: [{ threshold: null }], rules: [{ id: "1", days: 3 }], name: "n", text: "{" };
    assert.deepEqual(differences(wanted, { block: [], rules: [{ id: "1", days: 4 }], text: "[" }), [
      { path: "block", wanted: { threshold: null }, got: undefined },
      { path: "rules.days", wanted: 3, got: 4 },
      { path: "name", wanted: "n", got: undefined },
      { path: "text", wanted: "{", got: "[" },
    ]);
  });
});
