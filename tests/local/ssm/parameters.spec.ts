import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlannedResource } from "../../../graph/model";
import { UserError } from "../../../graph/user-error";
import { Parameters, parameterName } from "../../../local/ssm/parameters";

describe("the secrets of this machine", () => {
  let folder: string;
  const logs: string[] = [];
  const parameters = () => new Parameters(folder, (_source, line) => void logs.push(line));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "platform-secrets-"));
    logs.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are in a file that only its owner may read, and stay when another one is set", () => {
    parameters().write("/platform/dev/shop/A_KEY", "first");
    parameters().write("/platform/dev/shop/B_KEY", "second");
    assert.deepEqual(readdirSync(folder), ["secrets.json"]);
    assert.equal(statSync(join(folder, "secrets.json")).mode & 0o777, 0o600);
    assert.deepEqual(
      parameters().resolve({
        A_KEY_PARAMETER: "/platform/dev/shop/A_KEY",
        B_KEY_PARAMETER: "/platform/dev/shop/B_KEY",
        OTHER: "1",
      }),
      {
        A_KEY_PARAMETER: "/platform/dev/shop/A_KEY",
        B_KEY_PARAMETER: "/platform/dev/shop/B_KEY",
        OTHER: "1",
        A_KEY: "first",
        B_KEY: "second",
      },
    );
    assert.deepEqual(logs, []);
  });

  it("are made up where they have no value, the same for every server, and said so once", () => {
    const known = parameters();
    const [one, other] = [0, 1].map(() => known.resolve({ A_KEY_PARAMETER: "/platform/dev/shop/A_KEY" })["A_KEY"]);
    assert.match(one!, /^[\w-]{32}$/);
    assert.equal(one, other);
    assert.deepEqual(logs, [
      "/platform/dev/shop/A_KEY has no value here; a made-up one is used, until npm run secret -- set shop A_KEY",
    ]);
    assert.ok(!logs.join().includes(one!));
  });

  for (const [what, text, sentence] of [
    ["no JSON", "{", /secrets\.json cannot be read: .*; delete it, and set the secrets again$/],
    ["a list", "[]", /secrets\.json must be an object of texts; delete it, and set the secrets again$/],
    ["a number", '{"/a":1}', /secrets\.json must be an object of texts; delete it/],
  ] as const) {
    it(`are refused when their file has ${what}`, () => {
      writeFileSync(join(folder, "secrets.json"), text);
      for (const use of [() => parameters().resolve({ A_PARAMETER: "/a" }), () => parameters().write("/a", "value")]) {
        assert.throws(use, (error: Error) => error instanceof UserError && sentence.test(error.message));
      }
    });
  }

  it("cannot be set in a folder that is none", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    assert.throws(
      () => new Parameters(file).write("/a", "value"),
      (error: Error) => error instanceof UserError && /cannot be written: .*choose another folder/.test(error.message),
    );
  });

  it("are named by the ARN of a parameter only", () => {
    const resource = { type: "aws:ecs/taskDefinition:TaskDefinition", name: "task" } as PlannedResource;
    const nameOf = (arn: string) => parameterName(resource, "secrets A_KEY", arn);
    const arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/platform/dev/shop/A_KEY";
    assert.equal(nameOf(arn), "/platform/dev/shop/A_KEY");
    assert.throws(
      () => nameOf("arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-abc"),
      /"task": secrets A_KEY must be the ARN of a parameter to run on the local platform/,
    );
  });
});
