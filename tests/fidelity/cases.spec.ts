import assert from "node:assert/strict";
import { readCases } from "./cases";
import { describeCases } from "./describe-cases";
import { differences } from "./match";
import { observe } from "./observe";

describeCases({
  title: "the local gateway",
  areas: readCases(),
  counts: { recorded: 29, documented: 71, "third-party": 42, observed: 15 },
  observe,
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
