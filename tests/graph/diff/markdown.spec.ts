import assert from "node:assert/strict";
import type { Difference, ResourceChange } from "../../../graph/diff/difference";
import { preformatted, renderMarkdown } from "../../../graph/diff/markdown";

const change = (more: Partial<ResourceChange> = {}): ResourceChange => ({
  operation: "update",
  urn: "urn:pulumi:dev::platform::aws:sns/topic:Topic::eu-west-1-alarms",
  type: "aws:sns/topic:Topic",
  name: "eu-west-1-alarms",
  region: "eu-west-1",
  layer: "compute",
  properties: [{ path: "displayName", kind: "value", before: "a", after: "b", replaces: false }],
  maybeReplaces: false,
  refused: false,
  losesData: false,
  ...more,
});

const difference = (changes: readonly ResourceChange[], more: Partial<Difference> = {}): Difference => ({
  stack: "dev",
  from: "revision main",
  changes,
  unchanged: 0,
  newRegions: [],
  goneRegions: [],
  notKnown: [],
  ...more,
});

/** Texts with which a name, a value or a revision could do something in a comment. */
const hostile = [
  "@octocat",
  "[link](https://evil.example)",
  "![image](https://evil.example/x.png)",
  "<img src=x onerror=alert(1)>",
  "</code></pre><script>alert(1)</script>",
  "| another | cell |",
  "`code` **bold** _lean_ ~~gone~~",
  "&lt;b&gt; &amp;",
  "a\n\n# A title\n- a list",
  "#123",
  "https://evil.example/path",
];

/** Text outside the elements that the writer makes, and without its own words in backticks. */
const outsideCode = (markdown: string) =>
  markdown
    .replace(/<code>[^<]*<\/code>/g, "")
    .replaceAll("<br>", "")
    .replaceAll("`pulumi up`", "");

describe("a difference as Markdown", () => {
  for (const [count, words] of [
    [1, "1 resource"],
    [2, "2 resources"],
  ] as const) {
    it(`counts ${words} that are created`, () => {
      const created = Array.from({ length: count }, (_, i) => change({ operation: "create", name: `topic-${i}` }));
      assert.ok(renderMarkdown(difference(created)).includes(`| create | ${words} |`));
    });
  }

  for (const text of hostile) {
    it(`shows ${JSON.stringify(text)} as text, wherever it stands`, () => {
      const properties = [{ path: text, kind: "value", before: text, after: `${text}!`, replaces: true }] as const;
      const everywhere = difference(
        (["replace", "delete", "update", "create"] as const).flatMap((operation) => [
          change({ operation, name: text, type: text, region: text, service: text, properties }),
          change({ operation, name: text, type: text, region: text, losesData: true, properties }),
        ]),
        { stack: text, from: text, notKnown: [text], newRegions: ["eu-west-2"] },
      );
      const markdown = renderMarkdown(everywhere);
      const rest = outsideCode(markdown);
      assert.doesNotMatch(rest, /[<>@&`[\]!]|evil|octocat|A title/);
      assert.ok(!markdown.includes("<img") && !markdown.includes("<script"));
      const cells = rest.split("\n").filter((line) => line.startsWith("| "));
      assert.ok(cells.length > 4);
      for (const line of cells) assert.equal(line.match(/\|/g)?.length, 6, line);
      assert.equal(rest.match(/^#/gm)?.length, 1);
    });

    it(`shows ${JSON.stringify(text)} of a finding as text`, () => {
      const shown = preformatted(text);
      assert.match(shown, /^<pre>[^<>@[\]`|*]*<\/pre>$/);
      const decoded = shown.slice(5, -6).replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)));
      assert.equal(decoded, text);
    });
  }

  it("has all that a comment takes, and says how much it leaves out", () => {
    const many = (count: number, length: number) =>
      difference(
        Array.from({ length: count }, (_, i) =>
          change({ name: `topic-${i}-${"x".repeat(length)}`, urn: `urn:pulumi:dev::platform::t::${i}` }),
        ),
      );
    const small = renderMarkdown(many(90, 10));
    assert.equal(small.match(/^\| update /gm)?.length, 90);
    const large = renderMarkdown(many(1_000, 10));
    assert.ok(large.length <= 50_000, `${large.length}`);
    const rows = large.match(/^\| update /gm)!.length;
    assert.match(large, new RegExp(`^\\| ${1_000 - rows} more \\|`, "m"));
    for (const [count, length] of [
      [200, 400],
      [1_000, 4_000],
      [3_000, 60],
    ] as const) {
      const { length: characters } = renderMarkdown(many(count, length));
      assert.ok(characters <= 50_000, `${count} of ${length}: ${characters}`);
    }
  });

  it("says that it is too long where not even its sections fit", () => {
    const services = Array.from({ length: 600 }, (_, i) =>
      change({ service: `service-${i}-${"y".repeat(100)}`, urn: `urn:pulumi:dev::platform::t::${i}` }),
    );
    const markdown = renderMarkdown(difference(services));
    assert.match(
      markdown,
      /^### [^\n]+\n\nThe difference is too long for a comment; the same command without --markdown /,
    );
  });
});
