import assert from "node:assert/strict";
import type { Said } from "../helpers/said";
import type { Bucket } from "./bucket";
import { type AccountServices, accountServices } from "./server";
import { Workplace } from "./workplace";

const BACKEND = "s3://state?region=eu-west-1&awssdk=v2";
const SECRETS = "awskms://alias/platform-state?region=eu-west-1";
const STATE = ".pulumi/stacks/probe/dev.json";
const CLEAR = "in-the-clear";

describe("state in S3, its secrets by KMS", () => {
  let services: AccountServices;
  let bucket: Bucket;
  let place: Workplace;

  /** A command that must work. @returns what it said */
  const ok = async (...args: string[]): Promise<string> => {
    const { code, text } = await place.run(...args);
    assert.deepEqual([code, code === 0 || text], [0, true]);
    return text;
  };
  /** Brings a state with one output in, that of `stack output`. */
  const bring = async (output: unknown): Promise<void> => {
    await ok("stack", "export", "--file", "state.json");
    const state = JSON.parse(place.read("state.json"));
    const type = "pulumi:pulumi:Stack";
    const urn = `urn:pulumi:dev::probe::${type}::probe-dev`;
    state.deployment.resources = [{ urn, type, custom: false, outputs: { output } }];
    place.write("state.json", JSON.stringify(state));
    await ok("stack", "import", "--file", "state.json");
  };

  beforeEach(async () => {
    services = await accountServices();
    bucket = services.addBucket("state");
    services.addKey("alias/platform-state");
    place = new Workplace(services.env);
    await ok("login", BACKEND);
    await ok("stack", "init", "dev", "--secrets-provider", SECRETS);
  });

  afterEach(async () => {
    place?.close();
    await services?.close();
    // The command line may only ask what the stand-in knows: it goes on without some of what is refused.
    assert.deepEqual(
      services.log.filter((line) => /50.$/.test(line)),
      [],
    );
  });

  it("keeps a stack in the bucket, and its key and where to find it in the stack's file", async () => {
    assert.deepEqual([...bucket.objects().keys()], [".pulumi/meta.yaml", STATE, `${STATE}.bak`]);
    assert.match(
      place.read("Pulumi.dev.yaml"),
      /^secretsprovider: awskms:\/\/alias\/platform-state\?region=eu-west-1\nencryptedkey: \S+\n$/,
    );
    assert.match(await ok("stack", "ls"), /^dev\* /m);
  });

  it("returns a secret of the configuration, which the stack's file does not have in the clear", async () => {
    await ok("config", "set", "--secret", "token", CLEAR);
    assert.match(place.read("Pulumi.dev.yaml"), /probe:token:\n\s+secure: /);
    assert.ok(!place.read("Pulumi.dev.yaml").includes(CLEAR));
    assert.equal(await ok("config", "get", "token"), `${CLEAR}\n`);
  });

  it("returns a secret of the state, which no version of an object has in the clear", async () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    await bring({ ...secret, plaintext: JSON.stringify(CLEAR) });
    assert.equal(await ok("stack", "output", "output", "--show-secrets"), `${CLEAR}\n`);
    const bodies = [...bucket.objects().keys()].flatMap((key) => bucket.versions(key)).map(({ body }) => String(body));
    assert.ok(bodies.some((body) => body.includes('"ciphertext":')));
    assert.ok(bodies.every((body) => !body.includes(CLEAR)));
  });

  it("has every version of a stack's state when the stack is gone", async () => {
    for (const output of ["first", "second"]) await bring(output);
    await ok("stack", "rm", "dev", "--yes", "--force");
    assert.deepEqual([...bucket.objects().keys()], [".pulumi/meta.yaml", `${STATE}.bak`]);
    const outputs = bucket
      .versions(STATE)
      .map(({ body }) => (body ? /"output":"(\w+)"/.exec(String(body))?.[1] : "gone"));
    assert.deepEqual(outputs, [undefined, undefined, "first", "second", "gone"]);
  });

  it("refuses a stack that another process works on, by the name of its lock, until that is cancelled", async () => {
    await ok("stack", "export", "--file", "state.json");
    const change = ["stack", "import", "--file", "state.json"];
    const writing = new Promise<void>((resolve) => {
      bucket.beforePut = (key) => {
        if (key !== STATE) return undefined;
        resolve();
        return new Promise(() => {});
      };
    });
    const other = place.start(...change);
    await writing;
    bucket.beforePut = () => {};
    const [lock] = [...bucket.objects().keys()].filter((key) =>
      key.startsWith(".pulumi/locks/organization/probe/dev/"),
    );
    failed(await place.run(...change), `locked by 1 lock(s)`, `s3://state/${lock}?`, `(pid ${other.pid})`);
    other.kill();
    await other.done;
    failed(await place.run(...change), `locked by 1 lock(s)`);
    await ok("cancel", "dev", "--yes");
    await ok(...change);
    assert.ok(![...bucket.objects().keys()].some((key) => key.startsWith(".pulumi/locks/")));
  });

  it("refuses a bucket that is not there, or in another region", async () => {
    failed(await place.run("login", "s3://absent?region=eu-west-1"), "NoSuchBucket", "absent");
    failed(await place.run("login", "s3://state?region=eu-central-1"), "PermanentRedirect", "is in eu-west-1");
    failed(await place.run("login", "s3://state"), "Invalid region");
    assert.ok((await ok("whoami", "-v")).includes(BACKEND));
  });

  it("makes no stack with a key that is not there", async () => {
    const provider = SECRETS.replace("platform-state", "absent");
    const init = await place.run("stack", "init", "prod", "--secrets-provider", provider);
    failed(init, "NotFoundException", "alias/absent");
    assert.ok(!bucket.objects().has(STATE.replace("dev", "prod")));
  });

  it("decrypts no secret in another region or another encryption context", async () => {
    await ok("config", "set", "--secret", "token", CLEAR);
    const file = place.read("Pulumi.dev.yaml");
    place.write("Pulumi.dev.yaml", file.replace("eu-west-1", "eu-central-1"));
    failed(await place.run("config", "get", "token"), "AccessDeniedException");
    place.write("Pulumi.dev.yaml", file.replace("eu-west-1", "eu-west-1&context_stack=prod"));
    failed(await place.run("config", "get", "token"), "InvalidCiphertextException");
  });

  it("lists a folder of more objects than S3 has in a page", async () => {
    for (let update = 1; update <= 1001; update++) {
      bucket.put(
        `.pulumi/history/probe/dev/dev-${1e4 + update}.history.json`,
        JSON.stringify({ message: `update ${update}` }),
      );
    }
    const oldest = await ok("stack", "history", "--page-size", "1", "--page", "1001", "--json");
    assert.deepEqual(
      JSON.parse(oldest).map(({ message }: { message: string }) => message),
      ["update 1"],
    );
  });
});

function failed({ code, text }: Said, ...parts: string[]): void {
  assert.notEqual(code, 0);
  for (const part of parts) assert.ok(text.includes(part), `must say ${part}: ${text}`);
}
