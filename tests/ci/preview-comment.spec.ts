import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { renderComment } from "../../.ci/preview-comment";

const run = "https://ci.example.com/runs/1";
const summary = { summaryEvent: { resourceChanges: {}, result: "succeeded" } };

function step(op: string, name: string, more: object = {}) {
  const type = "aws:sqs/queue:Queue";
  const urn = `urn:pulumi:dev::platform::platform:region:RegionCell$${type}::${name}`;
  return { resourcePreEvent: { metadata: { op, urn, type, old: { custom: true }, new: { custom: true }, ...more } } };
}

function finding(enforcementLevel: string, message: string) {
  const resourceUrn = "urn:pulumi:dev::platform::aws:s3/bucket:Bucket::logs";
  return { policyEvent: { policyName: "s3-private", enforcementLevel, resourceUrn, message } };
}

const error = (message: string) => ({ diagnosticEvent: { severity: "error", message } });

function comment(...events: readonly object[]): string {
  const log = events.map((event) => JSON.stringify(event)).join("\n");
  return renderComment([{ stack: "dev", log }], "0123456789abcdef", run);
}

describe("the comment on a preview", () => {
  it("lists what is lost first, and which properties replace a resource", () => {
    const detailedDiff = { name: { diffKind: "update-replace" }, tags: { diffKind: "update" } };
    const text = comment(
      step("same", "kept"),
      step("create", "new", { old: null }),
      step("create-replacement", "moved"),
      step("replace", "moved", { detailedDiff }),
      step("delete-replaced", "moved"),
      step("update", "changed", { detailedDiff: null, diffs: ["timeoutSeconds"] }),
      step("delete", "gone", { new: null }),
      summary,
    );
    assert.equal(
      text,
      `<!-- preview -->

## Preview

### <code>dev</code>: 1 to delete, 1 to replace, 1 to update, 1 to create, 1 unchanged

| change | resource | type | properties |
|---|---|---|---|
| **delete** | <code>gone</code> | <code>aws:sqs/queue:Queue</code> |  |
| **replace** | <code>moved</code> | <code>aws:sqs/queue:Queue</code> | **<code>name</code>**, <code>tags</code> |
| update | <code>changed</code> | <code>aws:sqs/queue:Queue</code> | <code>timeoutSeconds</code> |
| create | <code>new</code> | <code>aws:sqs/queue:Queue</code> |  |

Commit <code>0123456789ab</code>. [The log of the run](${run}) has the values of properties.
`,
    );
  });

  it("leaves components out", () => {
    const text = comment(step("create", "cell", { old: null, new: {} }), summary);
    assert.match(text, /: no changes, 0 unchanged\n/);
    assert.doesNotMatch(text, /cell/);
  });

  it("shows what policies refuse, folds what they advise, and counts what they cannot tell", () => {
    const text = comment(
      finding("mandatory", "The bucket is public."),
      finding("advisory", "The bucket has no versions."),
      finding("advisory", "Not evaluated: the name is not known."),
      summary,
    );
    const on = "<code>s3-private</code> on <code>logs</code>";
    assert.ok(text.includes(`**Policies refuse this:**\n\n- ${on}: <code>The bucket is public.</code>`));
    assert.ok(
      text.includes(`<summary>Advisory findings: 1</summary>\n\n- ${on}: <code>The bucket has no versions.</code>`),
    );
    assert.ok(text.includes("Rules that need values only a deployment knows: 1."));
  });

  it("says that a preview failed, and with which errors", () => {
    assert.match(
      comment(error("<{%reset%}>stack is locked<{%reset%}>\n"), summary),
      /: failed\n\n<pre>stack is locked<\/pre>/,
    );
    assert.match(comment(step("create", "new")), /: failed\n/);
    assert.match(comment(), /: failed\n\nThe engine reported nothing\.\n/);
  });

  it("reads the log of an engine that was killed", () => {
    const log = `${JSON.stringify(step("update", "changed"))}\n{"resourcePreEv`;
    assert.match(renderComment([{ stack: "dev", log }], "0", run), /: failed\n\n\| change /);
  });

  it("shows text from outside as text", () => {
    const hostile =
      "<script>|`@everyone`| [link](https://evil.example)\n\n# <!-- preview --> **x** https://evil.example";
    const detailedDiff = { [hostile]: { diffKind: "update" } };
    const events = [step("update", hostile, { type: hostile, detailedDiff }), finding("mandatory", hostile), summary];
    const texts = [
      comment(...events),
      comment(error(`</pre>${hostile}`)),
      renderComment([{ stack: hostile, log: "" }], "0", run),
    ];
    for (const text of texts) {
      const inside = text.replace(/^<!-- preview -->/, "").replaceAll(/<(code|pre)>[^<]*<\/\1>/g, "");
      assert.doesNotMatch(inside, /script|everyone|evil|<!--/);
      assert.doesNotMatch(text, /[@`]everyone|script>/);
    }
    assert.equal(texts[0]!.split("\n").filter((line) => line.startsWith("| update ")).length, 1);
  });

  it("fits a comment, whatever is previewed", () => {
    const many = Array.from({ length: 1_000 }, (_, i) => step("update", `queue-${i}-${"x".repeat(60)}`));
    const log = [...many, summary].map((event) => JSON.stringify(event)).join("\n");
    const previews = (count: number, logOf: string) =>
      Array.from({ length: count }, (_, i) => ({ stack: `s${i}`, log: logOf }));
    const text = renderComment(previews(3, log), "0", run);
    assert.ok(text.length <= 60_000, `${text.length}`);
    assert.match(text, /queue-0-/);
    assert.match(text, /\d+ more changes are in the log\./);
    assert.match(renderComment(previews(2_000, ""), "0", run), /too long for a comment/);
  });

  it("is what the program prints of a folder of logs, by stack", () => {
    const folder = mkdtempSync(join(tmpdir(), "preview-"));
    mkdirSync(join(folder, "previews"));
    for (const stack of ["prod.eu-west-1", "dev"]) {
      writeFileSync(join(folder, "previews", `${stack}.jsonl`), `${JSON.stringify(summary)}\n`);
    }
    const program = resolve(__dirname, "../../.ci/preview-comment.ts");
    const args = ["-r", "ts-node/register/transpile-only", program, join(folder, "previews"), "0", run];
    const text = execFileSync(process.execPath, args, { encoding: "utf8" });
    rmSync(folder, { recursive: true });
    assert.deepEqual(text.match(/^### .*$/gm), [
      "### <code>dev</code>: no changes, 0 unchanged",
      "### <code>prod.eu-west-1</code>: no changes, 0 unchanged",
    ]);
  });
});
