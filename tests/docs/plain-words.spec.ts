import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { plainer } from "../conformance/plain-words";

/** Pages that tests generate from the words of the code. */
const generated = ["docs/peers.md", "docs/policy-proof.md", "docs/policy-rules.md", "docs/reference.md"];

const pages = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(projectRoot, "docs"), { recursive: true, encoding: "utf8" })
    .map((path) => `docs/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".md") && !generated.includes(path))
    .sort(),
];

/** Refused words of a page, code included, with the line and the plain word. */
function refusedWords(path: string, text: string): string[] {
  return text.split("\n").flatMap((line, i) =>
    line
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => Object.hasOwn(plainer, word))
      .map((word) => `${path}:${i + 1} has "${word}"; write: ${plainer[word]}`),
  );
}

describe("README and docs", () => {
  it("use plain words", () => {
    assert.ok(pages.length > 15, `${pages.length} pages`);
    const refused = pages.flatMap((path) => refusedWords(path, readFileSync(join(projectRoot, path), "utf8")));
    assert.deepEqual(refused, []);
  });

  it("are searched line by line", () => {
    assert.deepEqual(refusedWords("a.md", "# A page\n\nIt Holds a `mend`."), [
      'a.md:3 has "holds"; write: keeps, contains, has, is true',
      'a.md:3 has "mend"; write: fix',
    ]);
  });
});
