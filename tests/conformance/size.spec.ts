import assert from "node:assert/strict";
import { folders, sourcesOf } from "./sources";

const mostLines = 250;

/** The comment that a source begins with, or nothing. */
function firstComment(text: string): string {
  return /^\s*(\/\*[\s\S]*?\*\/|(\/\/.*\n)+)/.exec(text)?.[1] ?? "";
}

describe("the size of the sources", () => {
  it(`is at most ${mostLines} lines a file, or the first comment says why ("Longer than ${mostLines} lines: ...")`, () => {
    const long = folders
      .flatMap(sourcesOf)
      .filter(({ text }) => text.trimEnd().split("\n").length > mostLines)
      .filter(({ text }) => !firstComment(text).includes(`Longer than ${mostLines} lines: `));
    assert.deepEqual(
      long.map(({ path }) => path),
      [],
    );
  });
});
