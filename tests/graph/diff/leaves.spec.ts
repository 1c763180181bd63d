import assert from "node:assert/strict";
import { leavesOf } from "../../../graph/diff/leaves";

const brief = (before: unknown, after: unknown) =>
  leavesOf(before, after).map(
    (leaf) => `${leaf.path}: ${JSON.stringify(leaf.before)} -> ${JSON.stringify(leaf.after)}`,
  );
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the places at which two values differ", () => {
  const cases: readonly (readonly [title: string, before: unknown, after: unknown, leaves: readonly string[]])[] = [
    ["are none between equal values", { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    ["do not depend on the order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ["are keys by their path, in order", { b: { c: 1 }, a: 1 }, { b: { c: 2 } }, ["a: 1 -> undefined", "b.c: 1 -> 2"]],
    ["take a number or a truth for its text, as a provider does", { a: "20", b: "true" }, { a: 20, b: true }, []],
    ["do not take a list for its text", { a: "1,2" }, { a: [1, 2] }, ['a: "1,2" -> [1,2]']],
    ["do not take nothing for a text", { a: "null" }, { a: null }, ['a: "null" -> null']],
    [
      "are entries by their name, also when one is added in the middle",
      {
        v: [
          { name: "A", value: 1 },
          { name: "C", value: 3 },
        ],
      },
      {
        v: [
          { name: "A", value: 1 },
          { name: "B", value: 2 },
          { name: "C", value: 4 },
        ],
      },
      ["v[C].value: 3 -> 4", 'v[B]: undefined -> {"name":"B","value":2}'],
    ],
    [
      "are entries by their place where two have the same name",
      [
        { name: "A", value: 1 },
        { name: "A", value: 2 },
      ],
      [
        { name: "A", value: 1 },
        { name: "A", value: 3 },
      ],
      ["[1].value: 2 -> 3"],
    ],
    [
      "are settings by namespace and name",
      [
        { namespace: "n", name: "a", value: 1 },
        { namespace: "m", name: "a", value: 1 },
      ],
      [
        { namespace: "m", name: "a", value: 1 },
        { namespace: "n", name: "a", value: 2 },
      ],
      ["[n a].value: 1 -> 2"],
    ],
    [
      "are what one list has more than another",
      ["a", "b"],
      ["b", "c", "d"],
      [': "a" -> undefined', ': undefined -> "c"', ': undefined -> "d"'],
    ],
    ["are inside of text that is JSON", '{"a":{"b":1}}', '{"a":{"b":2}}', ["a.b: 1 -> 2"]],
    ["are whole where only one side is JSON", '{"a":1}', "{a", [': {"a":1} -> "{a"']],
    [
      "are lines of text in base64, such as user data",
      base64("#!/bin/sh\nPORT=8081\nexec node server.cjs\n"),
      base64("#!/bin/sh\nPORT=8082\nexec node server.cjs\n"),
      [': "PORT=8081" -> "PORT=8082"'],
    ],
    ["are whole texts when only the order of their lines differs", "a\nb", "b\na", [': "a\\nb" -> "b\\na"']],
    ["are values of another type", { a: { b: 1 } }, { a: [1] }, ['a: {"b":1} -> [1]']],
  ];
  for (const [title, before, after, leaves] of cases) {
    it(title, () => assert.deepEqual(brief(before, after), leaves));
  }
});
