import assert from "node:assert/strict";
import { decodeValue, encodeValue, holdsUnknown, UNKNOWN } from "./value";

describe("a value on Terraform's wire", () => {
  it("comes back as it was, also null, whole and broken numbers, and unknown", () => {
    const value = { a: null, b: [1, 2.5, 86_400], c: { d: "text", e: true }, f: UNKNOWN };
    assert.deepEqual(decodeValue(encodeValue(value)), value);
  });

  it("is unknown as Terraform writes it, also when something is known of it", () => {
    assert.equal(Buffer.from(encodeValue(UNKNOWN)).toString("hex"), "d40000");
    // Extension 12 of three bytes: a map that says that the value is not null.
    assert.equal(decodeValue(Buffer.from("c7030c8101c2", "hex")), UNKNOWN);
  });

  it("holds an unknown at any depth", () => {
    assert.equal(holdsUnknown({ a: [{ b: UNKNOWN }] }), true);
    assert.equal(holdsUnknown({ a: [{ b: null }], c: "" }), false);
  });
});
