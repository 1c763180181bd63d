import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PlanError } from "../../graph/capture";
import { readProject } from "../../graph/project";

const project = "name: sample\nconfig:\n  sample:days:\n    type: integer\n    default: 7\n";

describe("the project's files", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "project-"));
    writeFileSync(join(root, "Pulumi.yaml"), project);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function read(stack: string) {
    writeFileSync(join(root, "Pulumi.test.yaml"), stack);
    return readProject(root, "test");
  }

  it("give a program its values as the CLI does: text as it is, the rest as JSON, defaults filled in", () => {
    const { project, config } = read("config:\n  sample:zones: [a, b]\n  sample:name: x\n  sample:on: true\n");
    assert.equal(project, "sample");
    assert.deepEqual(config, {
      "sample:days": "7",
      "sample:zones": '["a","b"]',
      "sample:name": "x",
      "sample:on": "true",
    });
  });

  it("let the environment override a default", () => {
    assert.equal(read("config:\n  sample:days: 90\n").config["sample:days"], "90");
  });

  it("may be an environment without a word", () => {
    assert.deepEqual(read("").config, { "sample:days": "7" });
  });

  const laughs = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [i, letter] of ["b", "c", "d", "e", "f", "g", "h", "i"].entries()) {
    const inner = String.fromCharCode(97 + i);
    laughs.push(`${letter}: &${letter} [*${inner}, *${inner}, *${inner}, *${inner}, *${inner}, *${inner}, *${inner}]`);
  }
  const refusals: [title: string, text: string, sentence: RegExp][] = [
    [
      "a key that is there twice",
      "config:\n  sample:days: 1\n  sample:days: 2\n",
      /^Pulumi\.test\.yaml is not valid YAML: Map keys must be unique at line 3.*; fix that line$/,
    ],
    [
      "aliases that unfold without end",
      laughs.join("\n"),
      /^Pulumi\.test\.yaml cannot be read: Excessive alias count.*; write the values out/,
    ],
    ["text that is no YAML", "config: [1\n", /^Pulumi\.test\.yaml is not valid YAML: .*; fix that line$/],
    [
      "more than a megabyte",
      `config:\n  sample:name: ${"x".repeat(1_000_000)}\n`,
      /^Pulumi\.test\.yaml must be at most 1000000 bytes, got 1000024; make it smaller$/,
    ],
    [
      "a value the CLI encrypted",
      "config:\n  sample:name:\n    secure: AAABAGhpZGRlbg==\n",
      /^Pulumi\.test\.yaml: sample:name is encrypted, and a plan has no key to decrypt it; keep secrets in Secrets Manager/,
    ],
    [
      "a key without the project's name",
      "config:\n  days: 8\n",
      /^Pulumi\.test\.yaml: days is not a configuration key; write sample:days$/,
    ],
  ];
  for (const [title, text, sentence] of refusals) {
    it(`refuse ${title}, in one sentence and in no time`, function () {
      this.timeout(500);
      assert.throws(
        () => read(text),
        (error: unknown) => {
          assert.ok(error instanceof PlanError);
          assert.match(error.message, sentence);
          assert.equal(error.message.split("\n").length, 1);
          assert.doesNotMatch(error.message, /AAABAG/);
          return true;
        },
      );
    });
  }

  it("leave prototypes alone", () => {
    const { config } = read("config:\n  __proto__:polluted: yes\n  sample:name:\n    __proto__: { polluted: true }\n");
    assert.equal(({} as any).polluted, undefined);
    assert.equal(Object.getPrototypeOf(config), Object.prototype);
  });

  it("name the file that is missing", () => {
    assert.throws(
      () => readProject(root, "staging"),
      /^PlanError: Pulumi\.staging\.yaml does not exist; name an environment/,
    );
  });
});
