import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProject } from "../../graph/project";
import { UserError } from "../../graph/user-error";

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
    ...[
      ["0250", "reads as an octal number"],
      ["-0250", "reads as an octal number"],
      ["089", "reads as an octal number"],
      ["007.5", "reads as an octal number"],
      ["2_50", "reads as 250"],
      ["1_0.5", "reads as 10.5"],
      ["4:10", "reads as 250"],
      ["1:30:00", "reads as 5400"],
      ["yes", "reads as true"],
      ["No", "reads as false"],
      ["ON", "reads as true"],
      ["off", "reads as false"],
      ["y", "reads as true"],
      ["N", "reads as false"],
      ["0o17", 'reads as "0o17"'],
      ["0b11", "reads as 3"],
      ["0x_1F", "reads as 31"],
      ["1e3", "reads as text"],
      ["2026-11-26", 'reads as "2026-11-26T00:00:00.000Z"'],
      ["9007199254740993", "reads with all its digits"],
      ["=", "reads as a key of its own"],
    ].map(
      ([scalar, why]) =>
        [
          `the scalar ${scalar}`,
          `config:\n  sample:name: x\n  sample:days: ${scalar}\n`,
          new RegExp(
            `^Pulumi\\.test\\.yaml must have scalars with one meaning, got ${scalar} in line 3, which YAML 1\\.1 ${why}; put it in quotes`,
          ),
        ] as [string, string, RegExp],
    ),
    [
      "a scalar with two meanings in a list, or as a key",
      "config:\n  sample:name: {x: [a, {on: 1}]}\n",
      /got on in line 2, which YAML 1\.1 reads as true/,
    ],
    ["a merge key", "config:\n  sample:name: {<<: {a: 1}}\n", /got << in line 2/],
    [
      "a directive",
      "%YAML 1.1\n---\nconfig: {}\n",
      /^Pulumi\.test\.yaml must have no YAML directive, got %YAML 1\.1 in line 1; remove it$/,
    ],
    ["a tag directive", "# x\n%TAG ! tag:x,2000:\n---\nconfig: {}\n", /no YAML directive, got %TAG .* in line 2/],
    [
      "a tag",
      "config:\n  sample:days: !!str 8\n",
      /^Pulumi\.test\.yaml must have no YAML tag, got tag:yaml\.org,2002:str in line 2; remove it$/,
    ],
    ["two documents", "config: {}\n---\nconfig: {}\n", /is not valid YAML: .*; fix that line$/],
    ["a list", "- config\n", /^Pulumi\.test\.yaml must be a mapping, got \["config"\]; begin it with "config:"$/],
    ["a text", "config\n", /^Pulumi\.test\.yaml must be a mapping/],
    [
      "a configuration that is a list",
      "config: [a]\n",
      /^Pulumi\.test\.yaml: config must be a mapping of keys to values/,
    ],
    [
      "a misspelled section",
      "confg:\n  sample:days: 8\n",
      /^Pulumi\.test\.yaml must have the keys config, .*, got confg/,
    ],
    [
      "a key in a namespace that nothing reads",
      "config:\n  smaple:days: 8\n",
      /^Pulumi\.test\.yaml: smaple:days is in a namespace that nothing reads; write sample:days, or remove it$/,
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
          assert.ok(error instanceof UserError);
          assert.match(error.message, sentence);
          assert.equal(error.message.split("\n").length, 1);
          assert.doesNotMatch(error.message, /AAABAG/);
          return true;
        },
      );
    });
  }

  it("take scalars that every reader of YAML reads alike, and any in quotes", () => {
    const scalars = [
      "250",
      "-5",
      "+5",
      "0",
      "2.5",
      "0.5",
      "true",
      "null",
      "10.8.0.0/16",
      "a:b",
      "12:xy",
      "eu-west-1a",
      "0x1F",
      "1.5e+3",
    ];
    const quoted = ["0250", "2_50", "4:10", "yes", "2026-11-26", "0o17"].map((each) => `"${each}"`);
    const { config } = read(`config:\n  sample:list: [${[...scalars, ...quoted].join(", ")}]\n`);
    assert.equal(JSON.parse(config["sample:list"]!).length, scalars.length + quoted.length);
  });

  it("may have keys of the engine and of providers, and the settings of secrets", () => {
    const { config } = read(
      "secretsprovider: awskms://x\nencryptedkey: x\nconfig:\n  aws:region: eu-west-1\n  pulumi:tags: {a: b}\n",
    );
    assert.equal(config["aws:region"], "eu-west-1");
  });

  it("leave prototypes alone", () => {
    const { config } = read("config:\n  sample:__proto__: true\n  sample:name:\n    __proto__: { polluted: true }\n");
    assert.equal(({} as any).polluted, undefined);
    assert.equal(Object.getPrototypeOf(config), Object.prototype);
  });

  it("name the file that is missing", () => {
    assert.throws(
      () => readProject(root, "staging"),
      /^UserError: Pulumi\.staging\.yaml does not exist; name an environment/,
    );
  });
});
