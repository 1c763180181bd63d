import assert from "node:assert/strict";
import * as fc from "fast-check";
import { oneLine, printable } from "../../graph/printable";

describe("text from outside", () => {
  const terminal = /(?![\n\t])\p{Cc}|[\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;

  it("is escaped where a terminal would obey, reorder or hide it", () => {
    assert.equal(oneLine("a\u001b[31mred\nnext\r\t\u009b2J"), "a\\u001b[31mred\\nnext\\r\\t\\u009b2J");
    assert.equal(oneLine("abc\u202edef\u200b\ufeff"), "abc\\u202edef\\u200b\\ufeff");
    assert.equal(oneLine("\ud800 lone, \u{e0041} a tag"), "\\ud800 lone, \\udb40\\udc41 a tag");
    assert.equal(printable("two\nlines\tand a tab\u0007"), "two\nlines\tand a tab\\u0007");
  });

  it("is not changed where it is harmless, in any language", () => {
    const text = "Grüße, 東京, Ελλάδα, 🍕 └─ {\"a\": 'b'} \\n";
    assert.equal(oneLine(text), text);
  });

  it("never leaves a character that is not safe, and a JSON document means the same as before", () => {
    const anyText = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(anyText, (text) => {
        assert.doesNotMatch(oneLine(text), terminal);
        assert.doesNotMatch(oneLine(text), /[\n\t]/);
        assert.doesNotMatch(printable(text), terminal);
        assert.equal(JSON.parse(printable(JSON.stringify([text])))[0], text);
      }),
    );
  });
});
