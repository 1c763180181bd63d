import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { describeError } from "../../../cli/errors";
import { main } from "../../../cli/main";
import { AccessMatrix } from "../../../graph/access/matrix";
import { renderAccess } from "../../../graph/access/render";
import { planDocument } from "../../../graph/document";
import { planStack } from "../../../graph/plan";
import { projectRoot } from "../../../graph/project-root";
import { planned } from "../../conformance/plans";
import { copyCheckout } from "../../helpers/checkout";

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command of a checkout, as npm does, from some other folder. */
function platform(checkout: string, ...args: string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const command = join(checkout, "cli", "platform.cjs");
    const child = spawn(process.execPath, [command, ...args], { cwd: tmpdir(), stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk) => stdout.push(chunk));
    child.stderr.on("data", (chunk) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code, stdout: String(Buffer.concat(stdout)), stderr: String(Buffer.concat(stderr)) }),
    );
  });
}

/** Runs a command in this process, for what ends before any work. */
async function inProcess(...args: string[]): Promise<Run> {
  const exitCode = process.exitCode;
  const [stdout, stderr] = [intercept(process.stdout), intercept(process.stderr)];
  try {
    process.exitCode = 0;
    await main(["node", "platform", ...args]);
    return { code: process.exitCode, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    stdout.restore();
    stderr.restore();
    process.exitCode = exitCode;
  }
}

function intercept(stream: NodeJS.WriteStream) {
  const { write } = stream;
  const chunks: string[] = [];
  stream.write = (chunk: any) => chunks.push(String(chunk)) > 0;
  return {
    text: () => chunks.join(""),
    restore: () => {
      stream.write = write;
    },
  };
}

/** Another checkout, at a deeper place and without its caches, whose environment `broken` is wrong in three ways. */
function brokenCheckout(): string {
  const root = join(mkdtempSync(join(tmpdir(), "checkout-")), "some", "where else");
  copyCheckout(root);
  const { config } = parse(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8"));
  config["platform:logRetentionDays"] = 8;
  config["platform:regions"][0].zones = ["eu-west-1a"];
  delete config["platform:services"].shipping;
  writeFileSync(join(root, "Pulumi.broken.yaml"), stringify({ config }));
  return root;
}

describe("npm run plan", () => {
  let copy: string;
  let here: Run;
  let elsewhere: Run;
  let broken: Run;
  let absent: Run;
  before(async function () {
    this.timeout(60_000);
    copy = brokenCheckout();
    [here, elsewhere, broken, absent] = await Promise.all([
      platform(projectRoot, "plan", "dev", "--json"),
      platform(copy, "plan", "dev", "--json"),
      platform(copy, "plan", "broken"),
      platform(projectRoot, "plan", "staging"),
    ]);
  });
  after(() => rmSync(join(copy, "..", ".."), { recursive: true, force: true }));

  it("prints one JSON document and nothing else", async () => {
    assert.deepEqual([here.code, here.stderr], [0, ""]);
    const { policy, ...document } = JSON.parse(here.stdout);
    const { policy: _, ...expected } = planDocument((await planned("dev")).graph);
    assert.deepEqual(document, JSON.parse(JSON.stringify(expected)));
    assert.ok(Array.isArray(policy));
    assert.equal(here.stdout, `${JSON.stringify({ ...document, policy }, null, 2)}\n`);
  });

  it("prints the same bytes in another checkout, at another place", () => {
    assert.equal(elsewhere.code, 0, elsewhere.stderr);
    assert.ok(elsewhere.stdout === here.stdout, "the documents differ");
    for (const path of [projectRoot, copy, tmpdir(), process.env["HOME"]]) {
      if (path && path !== "/") assert.ok(!here.stdout.includes(path), `the document has ${path}`);
    }
  });

  it("prints who may call what with --access, for people and as JSON", async function () {
    this.timeout(30_000);
    const matrix = new AccessMatrix((await planned("dev")).graph);
    const [text, json] = await Promise.all([
      platform(projectRoot, "plan", "dev", "--access"),
      platform(projectRoot, "plan", "dev", "--access", "--json"),
    ]);
    assert.deepEqual([text.code, text.stdout], [0, `${renderAccess(matrix)}\n`]);
    assert.deepEqual(JSON.parse(json.stdout), JSON.parse(JSON.stringify(matrix)));
  });

  it("fails on a wrong configuration with every sentence on stderr, no stack trace, and nothing on stdout", () => {
    assert.deepEqual([broken.code, broken.stdout], [1, ""]);
    const lines = broken.stderr.trimEnd().split("\n");
    assert.equal(lines[0], `Pulumi.broken.yaml has ${lines.length - 1} problems:`);
    assert.match(broken.stderr, /platform:logRetentionDays must be one of .*, got 8; /);
    assert.match(broken.stderr, /platform:regions\[0\]\.zones must be at least 2 entries, got \["eu-west-1a"\]; /);
    assert.doesNotMatch(broken.stderr, /^\s+at /m);
  });

  it("fails on an environment without a file, in one sentence", () => {
    assert.deepEqual([absent.code, absent.stdout], [1, ""]);
    assert.match(absent.stderr, /^Pulumi\.staging\.yaml does not exist; name an environment that has one, .*\n$/);
  });

  const wrongUsage = [[], ["plan"], ["plan", "dev", "prod"], ["plan", "dev", "--yaml"], ["deploy"], ["--loud"]];
  for (const args of wrongUsage) {
    it(`exits with 2 and the usage on stderr for \`platform ${args.join(" ")}\``, async () => {
      const { code, stdout, stderr } = await inProcess(...args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, /error: .*|Usage: platform/);
    });
  }

  const contradictions: Record<string, RegExp> = {
    "plan dev --markdown": /^error: --markdown needs --diff <file\|revision>\n/,
    "plan dev --diff main --json": /^error: option '--diff <file\|revision>' cannot be used with option '--json'\n/,
    "plan dev --json --tree": /^error: option '--json' cannot be used with option '--tree'\n/,
    "plan dev --access --tree": /^error: option '--access' cannot be used with option '--tree'\n/,
    "plan dev --config --diff main": /^error: option '--config' cannot be used with option '--diff <file\|revision>'\n/,
  };
  for (const [args, sentence] of Object.entries(contradictions)) {
    it(`refuses \`platform ${args}\` in one sentence, before any work`, async () => {
      const { code, stdout, stderr } = await inProcess(...args.split(" "));
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, sentence);
    });
  }

  for (const args of [[], ["plan"], ["policy"], ["start"], ["token"]]) {
    it(`exits with 0 and the usage on stdout for \`platform ${[...args, "--help"].join(" ")}\``, async () => {
      const { code, stdout, stderr } = await inProcess(...args, "--help");
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, new RegExp(`^Usage: platform ${args.join(" ")}`));
    });
  }
});

describe("npm run plan of a stack that is not there", () => {
  const sentences: Record<string, RegExp> = {
    "prod-cache": /^stack "prod-cache" names layer "cache"; the layers are network, identity, data, compute, edge$/,
    "dev.eu-north-1": /^stack "dev\.eu-north-1" names region "eu-north-1", but Pulumi\.dev\.yaml has eu-west-1; .*$/,
    "../etc": /^stack "\.\.\/etc" must be named <environment>\[-<layer>\]\[\.<region>\]; .*$/,
  };
  for (const [stack, sentence] of Object.entries(sentences)) {
    it(`says in one sentence what is wrong with ${stack}`, async () => {
      const error = await planStack(stack).then(
        () => assert.fail("it was planned"),
        (reason) => reason,
      );
      assert.match(describeError(error), sentence);
    });
  }
});
