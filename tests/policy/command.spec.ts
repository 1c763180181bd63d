import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { readPolicyConfig } from "../../graph/policy/config";
import { projectRoot } from "../../graph/project-root";
import { runCommand } from "../../policy/check/command";
import { parseConfig } from "../../policy/check/config-file";

describe("policy: the pack's own command", () => {
  const folder = mkdtempSync(join(tmpdir(), "policy-command-"));
  const file = (name: string, content: unknown) => {
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    return join(folder, name);
  };
  after(() => rmSync(folder, { recursive: true }));

  const key = (enableKeyRotation: boolean) => ({
    urn: "urn:pulumi:prod::shop::aws:kms/key:Key::main",
    type: "aws:kms/key:Key",
    custom: true,
    inputs: { enableKeyRotation },
  });
  const stack = () => file("stack.json", { deployment: { resources: [key(false)] } });

  it("ends with 1 for a mandatory finding, and with 0 without", async () => {
    const found = await runCommand(["--file", stack()]);
    assert.equal(found.code, 1);
    assert.match(found.out!, /key-rotation {2}\w+ {2}x1/);
    const clean = file("clean.json", { deployment: { resources: [key(true)] } });
    assert.equal((await runCommand(["--file", clean])).code, 0);
  });

  it("uses the configuration that is named, and no other", async () => {
    const config = file("policy.json", { "key-rotation": "advisory" });
    assert.equal((await runCommand(["--file", stack(), "--config", config])).code, 0);
    assert.equal((await runCommand(["--file", stack()])).code, 1);
  });

  it("writes a baseline, reports nothing of it, and reports what is new", async () => {
    const baseline = join(folder, "baseline.json");
    const written = await runCommand(["--file", stack(), "--write-baseline", baseline]);
    assert.equal(written.code, 0);
    assert.match(JSON.stringify(JSON.parse(readFileSync(baseline, "utf8"))), /"rule":"key-rotation"/);
    const known = await runCommand(["--file", stack(), "--baseline", baseline]);
    assert.equal(known.code, 0);
    assert.match(known.out!, /known from the baseline/);
    const other = { ...key(false), urn: `${key(false).urn}-2` };
    const grown = file("grown.json", { deployment: { resources: [key(false), other] } });
    const fresh = JSON.parse((await runCommand(["--file", grown, "--baseline", baseline, "--json"])).out!);
    assert.deepEqual(
      fresh.filter(({ level }: { level: string }) => level === "mandatory").map(({ urn }: { urn: string }) => urn),
      [other.urn],
    );
  });

  for (const [title, args, message] of [
    ["no file", [], /^--file must name an exported stack, got none/],
    ["an unknown option", ["--fil", "x"], /'--fil'/],
    ["two formats", ["--file", "x", "--json", "--sarif"], /exclude each other/],
    ["a file that does not exist", ["--file", "/nowhere.json"], /cannot be read as JSON/],
  ] as const) {
    it(`refuses ${title} with exit code 2`, async () => {
      const { code, error } = await runCommand(args);
      assert.equal(code, 2);
      assert.match(error!, message);
    });
  }

  it("refuses a baseline that is none", async () => {
    const { code, error } = await runCommand(["--file", stack(), "--baseline", file("b.json", { baseline: [1] })]);
    assert.deepEqual([code, error?.includes('has no list "baseline" of rule and urn')], [2, true]);
  });
});

describe("policy: a configuration file", () => {
  const refused = (document: unknown) => {
    try {
      parseConfig(document, "policy.json");
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  it("is read as the engine reads it: a text is a level, and `all` is for policies without a level of their own", () => {
    const configOf = parseConfig(
      { all: "advisory", zones: { zones: 2, enforcementLevel: "mandatory" } },
      "policy.json",
    );
    assert.deepEqual(configOf("zones"), { zones: 2, enforcementLevel: "mandatory" });
    assert.deepEqual(configOf("topic-encrypted"), { enforcementLevel: "advisory" });
  });

  for (const [document, sentence] of [
    [{ zoned: {} }, 'policy.json: "zoned" is no policy of the pack; docs of the pack list the names'],
    [{ zones: 2 }, 'policy.json: "zones" must be a level or an object, got 2; write { ... }'],
    [
      { zones: "strict" },
      'policy.json: "zones": enforcementLevel must be advisory, mandatory, remediate, disabled, got "strict"; set one of them',
    ],
    [
      { zones: { class: "prod" } },
      'policy.json: "zones": class must be development or production, got "prod"; set one of them',
    ],
    [{ zones: { zone: 2 } }, 'policy.json: "zones" has no setting "zone"; it takes enforcementLevel, class, zones'],
    [{ zones: { zones: "2" } }, 'policy.json: "zones": zones must be of type integer, got "2"; fix the value'],
  ] as const) {
    it(`is refused: ${JSON.stringify(document)}`, () => assert.equal(refused(document), sentence));
  }

  it("names all its problems at once", () => {
    assert.equal(refused({ a: {}, b: {} }).split("\n").length, 2);
  });

  it("of this project is valid for each environment", () => {
    for (const [environment, wanted] of [
      ["dev", "development"],
      ["prod", "production"],
      ["account", "production"],
    ] as const) {
      assert.equal(readPolicyConfig(environment)("pack").class, wanted);
    }
  });
});

describe("policy: the package", () => {
  const own = JSON.parse(readFileSync(join(projectRoot, "policy/package.json"), "utf8"));
  const whole = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));

  it("needs what its sources import, at the versions of this repository", () => {
    const all = { ...whole.dependencies, ...whole.devDependencies };
    for (const [name, version] of Object.entries({ ...own.dependencies, ...own.devDependencies })) {
      assert.equal(version, all[name], name);
    }
  });

  it("has a manifest that the engine reads", () => {
    const manifest = parse(readFileSync(join(projectRoot, "policy/PulumiPolicy.yaml"), "utf8"));
    assert.equal(manifest.runtime, "nodejs");
    assert.match(own.version, /^\d+\.\d+\.\d+$/);
  });
});
