import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coverageOf, renderCoverage } from "../../policy/check/coverage";
import type { Finding } from "../../policy/check/finding";
import { renderFindings } from "../../policy/check/render";
import { readStackFile } from "../../policy/check/stack-file";
import { UserError } from "../../policy/check/user-error";
import { planned } from "../conformance/plans";

const folder = mkdtempSync(join(tmpdir(), "policy-"));
const path = join(folder, "stack.json");
after(() => rmSync(folder, { recursive: true }));

const urn = (type: string, name: string) => `urn:pulumi:prod::shop::${type}::${name}`;
const resource = (type: string, name: string, more: object = {}) => ({
  urn: urn(type, name),
  type,
  custom: true,
  ...more,
});
const stack = (...resources: unknown[]) => JSON.stringify({ version: 3, deployment: { resources } });
const bucket = resource("aws:s3/bucket:Bucket", "files");

describe("policy: a file that is to be an exported stack", () => {
  const deep = `{"deployment":{"resources":[{"urn":"${bucket.urn}","type":"${bucket.type}","inputs":{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}}]}}`;
  const refused: Record<string, [text: string, what: RegExp]> = {
    "is not JSON": ["nonsense\u001b[2J\n", /cannot be read as JSON: .*\\u001b\[2J/],
    "is empty": ["", /cannot be read as JSON/],
    "is a number": ["1", /has no deployment\.resources/],
    "is a configuration": ['{"config":{}}', /has no deployment\.resources/],
    "has resources by name": ['{"deployment":{"resources":{"a":1}}}', /has no deployment\.resources/],
    "has no resources": [stack(), /has no resources, so that nothing can be checked/],
    "has deleted resources only": [
      stack({ ...bucket, delete: true }),
      /has no resources, so that nothing can be checked/,
    ],
    "has numbers": [stack(bucket, 1), /deployment\.resources\[1\] must be a resource, got 1/],
    "has a resource without a URN": [
      stack({ type: "aws:s3/bucket:Bucket" }),
      /resources\[0\]\.urn must be a URN, got nothing/,
    ],
    "has another URN": [
      stack({ ...bucket, urn: "arn:aws:s3:::files" }),
      /\.urn must be a URN, got "arn:aws:s3:::files"/,
    ],
    "has a resource without a type": [
      stack({ urn: bucket.urn }),
      /resources\[0\]\.type must be a type token, got nothing/,
    ],
    "has inputs of another form": [stack({ ...bucket, inputs: [1] }), /\.inputs must be an object, got \[1\]/],
    "has outputs of another form": [stack({ ...bucket, outputs: "x" }), /\.outputs must be an object, got "x"/],
    "has dependencies of another form": [
      stack({ ...bucket, dependencies: [{}] }),
      /\.dependencies must be a list of texts/,
    ],
    "has property dependencies of another form": [
      stack({ ...bucket, propertyDependencies: { a: "b" } }),
      /\.propertyDependencies must be lists of URNs by property/,
    ],
    "nests without end": [deep, /nests deeper than any stack does/],
  };
  for (const [how, [text, what]] of Object.entries(refused)) {
    it(`is refused in one sentence when it ${how}`, () => {
      writeFileSync(path, text);
      assert.throws(
        () => readStackFile(path),
        (error: unknown) => {
          assert.ok(error instanceof UserError, String((error as Error).stack));
          assert.match(error.message, what);
          assert.doesNotMatch(error.message, /\p{Cc}/u);
          return true;
        },
      );
    });
  }
});

describe("policy: what no rule looked at", () => {
  it("is counted by type, without components and providers", () => {
    writeFileSync(
      path,
      stack(
        bucket,
        resource("pulumi:pulumi:Stack", "prod", { custom: false }),
        resource("pulumi:providers:gcp", "gcp"),
        resource("shop:web:Site", "site", { custom: false }),
        resource("gcp:storage/bucket:Bucket", "a"),
        resource("gcp:storage/bucket:Bucket", "b"),
        resource("aws:iot/thing:Thing", "lamp"),
      ),
    );
    const coverage = coverageOf(readStackFile(path));
    assert.equal(
      renderCoverage(coverage),
      "looked at: 1 of 4 resources; 3 resources of types no rule knows: aws:iot/thing:Thing (1), gcp:storage/bucket:Bucket (2)",
    );
  });

  it("is nothing of other names of the same type", () => {
    writeFileSync(
      path,
      stack(resource("aws:s3/bucketV2:BucketV2", "files"), resource("aws:alb/listener:Listener", "l")),
    );
    assert.equal(renderCoverage(coverageOf(readStackFile(path))), "looked at: 2 of 2 resources");
  });

  it("is named for the plan of this project too", async () => {
    const { resources, unknown } = coverageOf((await planned("prod")).graph.resources);
    assert.ok(resources > 300, `${resources}`);
    for (const type of unknown.keys()) assert.match(type, /^(aws|awsx):/);
  });

  it("cannot be hidden by a name that ends a line", () => {
    const finding: Finding = {
      policy: "load-balancer-desync",
      level: "mandatory",
      severity: "medium",
      urn: "urn:x",
      message: 'LoadBalancer "a\n\npolicy: 140 rules, 0 mandatory\u001b[8m" must defend',
    };
    const lines = renderFindings([finding]).split("\n");
    assert.ok(lines.some((line) => line.includes('"a\\n\\npolicy: 140 rules, 0 mandatory\\u001b[8m" must defend')));
    assert.match(lines.at(-1)!, /, 1 mandatory,/);
  });
});
