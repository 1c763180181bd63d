import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  APIGatewayClient,
  DeleteApiKeyCommand,
  GetApiKeysCommand,
  UpdateApiKeyCommand,
} from "@aws-sdk/client-api-gateway";
import { AdminCreateUserCommand, CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { BatchWriteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as pulumi from "@pulumi/pulumi";
import { request } from "undici";
import { type Membership, parseTenantSecret, tenantKey } from "../../apps/kit/tenant";
import { refuseTooManyKeys, refuseTooManyTenants } from "../../cli/tenant/tenant-keys";
import { userOf } from "../../local/cognito/users";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { Command, type End, Folder } from "../helpers/command";
import { CommandRunner } from "../helpers/command-runner";
import { planTenants, tenantRegions } from "../local/aws/helpers/tenants";
import { standIn } from "../local/helpers/artifact";
import { addApi, addFunction, addNames } from "../local/helpers/program";

describe("npm run tenant, against the platform on this machine", function () {
  this.timeout(60_000);
  const folder = new Folder();
  const runner = new CommandRunner();
  const artifact = standIn();
  let platform: RunningPlatform;
  let outputs: any;

  before(async () => {
    const graph = await planTenants((name, opts) => {
      const region = { name, opts, subnets: pulumi.output(["subnet-1"]), folder: artifact.folder };
      const { invokeArn } = addFunction(region);
      addNames(
        region,
        addApi(region, { a: { invoke: invokeArn } }).id,
        name === tenantRegions[0] ? "PRIMARY" : "SECONDARY",
      );
    });
    outputs = graph.outputs;
    platform = await startPlatform({ graph, stateDir: folder.state, log: () => {} });
    const users = new CognitoIdentityProviderClient(client(tenantRegions[0]!));
    const UserAttributes = [{ Name: "email_verified", Value: "true" }];
    const UserPoolId = outputs.identity[tenantRegions[0]!].userPoolId;
    await users.send(new AdminCreateUserCommand({ UserPoolId, Username: "ada@example.com", UserAttributes }));
  });
  after(async () => {
    await runner.stop();
    await platform.stop();
    artifact.remove();
    folder.remove();
  });

  const run = (...args: string[]): Promise<End> =>
    runner.run(
      "tenant",
      ...args,
      "--state",
      folder.state,
      ...(args.includes("--time-scale") ? [] : ["--time-scale", "10000"]),
    );
  const succeeds = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const client = (region: string) => ({
    region,
    endpoint: platform.endpoints.aws,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const keysIn = async (region: string) => {
    const all = await new APIGatewayClient(client(region)).send(
      new GetApiKeysCommand({ includeValues: true, limit: 500 }),
    );
    return all.items!;
  };
  /** Names of the keys of every region, disabled ones with a mark. */
  const names = async () => {
    const all = await Promise.all(tenantRegions.map(keysIn));
    return all.map((keys) => keys.map(({ name, enabled }) => `${name}${enabled ? "" : " off"}`).sort());
  };
  const secretOf = async (region: string) => {
    const SecretId = outputs.edge[region].tenants.secretArn;
    const { SecretString } = await new SecretsManagerClient(client(region)).send(
      new GetSecretValueCommand({ SecretId }),
    );
    return parseTenantSecret(SecretString);
  };
  /** Status of a request with the key of a tenant at a region's REST gateway. */
  const ping = async (region: string, membership: Membership) => {
    const { current, keys } = await secretOf(region);
    const headers = {
      host: `${outputs.edge[region].tenants.apiId}.execute-api.${region}.amazonaws.com`,
      "x-api-key": tenantKey(keys.get(current)!, membership),
    };
    const answer = await request(`${platform.endpoints.regions[region]!.rest}/live/ping`, { headers });
    await answer.body.dump();
    return answer.statusCode;
  };
  const pings = (tenant: string, tier: string) =>
    Promise.all(tenantRegions.map((region) => ping(region, { tenant, tier })));
  const show = async (name: string) => JSON.parse(await succeeds("show", name, "--json"));

  it("adds a tenant: the secret, and in each region the key that the authorizer names, in its tier's plan", async () => {
    const said = await succeeds("add", "acme", "--tier", "free");
    assert.match(said, /^\S+Z arn:aws:iam::123456789012:user\/local test: acme is a tenant of tier free$/m);
    assert.deepEqual(await names(), [["test.acme.free.1"], ["test.acme.free.1"]]);
    for (const region of tenantRegions) {
      const { current, keys } = await secretOf(region);
      const [key] = await keysIn(region);
      assert.equal(key!.value, tenantKey(keys.get(current)!, { tenant: "acme", tier: "free" }));
      assert.ok(!said.includes(key!.value!));
    }
    assert.deepEqual(await pings("acme", "free"), [200, 200]);
    assert.deepEqual(await pings("acme", "premium"), [403, 403]);
    const { regions, log, ...rest } = await show("acme");
    assert.deepEqual(rest, { name: "acme", tier: "free", state: "active", members: [] });
    const quota = { remaining: 99, limit: 100, period: "DAY" };
    assert.deepEqual(regions["eu-central-1"], [{ key: "test.acme.free.1", enabled: true, quota }]);
    assert.deepEqual(
      [log.length, log[0].by, log[0].what],
      [1, "arn:aws:iam::123456789012:user/local", "added in tier free"],
    );
  });

  it("changes nothing the second time, of any command", async () => {
    await succeeds("member", "acme", "--user", "ada@example.com");
    const before = [await names(), await show("acme")];
    for (const args of [
      ["add", "acme", "--tier", "free"],
      ["resume", "acme"],
      ["tier", "acme", "free"],
      ["member", "acme", "--user", "ada@example.com"],
      ["sync"],
    ]) {
      assert.match(await succeeds(...args), /; nothing changed$/m, args.join(" "));
    }
    assert.deepEqual([await names(), await show("acme")], before);
  });

  it("finishes what broke off between two regions, by the same command", async () => {
    const other = new APIGatewayClient(client("eu-central-1"));
    const [key] = await keysIn("eu-central-1");
    await other.send(new DeleteApiKeyCommand({ apiKey: key!.id }));
    assert.doesNotMatch(await succeeds("add", "acme", "--tier", "free"), /nothing changed/);
    assert.deepEqual(await names(), [["test.acme.free.1"], ["test.acme.free.1"]]);
    assert.match(await succeeds("sync"), /nothing changed/);
  });

  it("goes on with the other regions when one fails, says so, and finishes that one later", async () => {
    const api = new APIGatewayClient(client("eu-west-1"));
    const [key] = await keysIn("eu-west-1");
    const rename = (value: string) =>
      api.send(
        new UpdateApiKeyCommand({ apiKey: key!.id, patchOperations: [{ op: "replace", path: "/name", value }] }),
      );
    await rename("another program's");
    const { code, stderr } = await run("suspend", "acme");
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^eu-west-1: an API key of another name has the value of test\.acme\.free\.1; delete that key/m,
    );
    assert.deepEqual(await names(), [["another program's"], ["test.acme.free.1 off"]]);
    await rename(key!.name!);
    await succeeds("suspend", "acme");
    assert.deepEqual(await names(), [["test.acme.free.1 off"], ["test.acme.free.1 off"]]);
    await succeeds("resume", "acme");
  });

  it("disables the keys of a suspended tenant in every region, no other's, and enables them again", async () => {
    await succeeds("add", "acme-two", "--tier", "premium");
    await succeeds("suspend", "acme");
    assert.deepEqual(await pings("acme", "free"), [403, 403]);
    assert.equal((await show("acme")).regions["eu-west-1"].length, 1);
    const each = ["test.acme-two.premium.1", "test.acme.free.1 off"];
    assert.deepEqual(await names(), [each, each]);
    assert.match(await succeeds("list"), /^acme {6}free {2}suspended .*\nacme-two {2}premium {2}active /m);
    await succeeds("resume", "acme");
    assert.deepEqual(await pings("acme", "free"), [200, 200]);
    assert.deepEqual((await names())[1], ["test.acme-two.premium.1", "test.acme.free.1"]);
  });

  it("puts users and machine clients into one tenant each, and takes them out", async () => {
    const { userPoolId, clientIds } = outputs.identity["eu-west-1"];
    const { sub } = userOf({ id: userPoolId, signInByEmail: true }, "ada@example.com");
    await succeeds("member", "acme", "--client", clientIds[1]);
    assert.deepEqual((await show("acme")).members.sort(), [clientIds[1], sub].sort());
    const refused = await run("member", "acme-two", "--user", "ada@example.com");
    assert.match(refused.stderr, /^ada@example\.com is a member of acme; remove it there first/m);
    assert.match((await run("member", "acme", "--client", clientIds[0])).stderr, /must have client credentials/);
    assert.match((await run("member", "acme", "--client", "none")).stderr, /the user pool has no client "none"/);
    await succeeds("member", "acme", "--client", clientIds[1], "--remove");
    assert.deepEqual((await show("acme")).members, [sub]);
  });

  it("keeps keys of both tiers while tokens may say the old one, then removes the old", async () => {
    const begun = await run("tier", "acme", "premium", "--no-wait", "--time-scale", "500");
    assert.match(
      begun.stdout,
      /acme moves to premium; tokens that say free are valid until \S+Z; run the same command/,
    );
    assert.match(begun.stderr, /^waits 1 s until API Gateway knows the new keys/m);
    const both = ["test.acme-two.premium.1", "test.acme.free.1", "test.acme.premium.1"];
    assert.deepEqual(await names(), [both, both]);
    assert.deepEqual([await pings("acme", "free"), await pings("acme", "premium")].flat(), [200, 200, 200, 200]);
    const { previous } = await show("acme");
    assert.equal(previous.tier, "free");
    assert.match((await run("tier", "acme", "none")).stderr, /the tier must be one of free, premium, got "none"/);
    await succeeds("tier", "acme", "premium");
    assert.ok(Date.parse(previous.until) <= Date.now());
    const one = both.filter((name) => name !== "test.acme.free.1");
    assert.deepEqual(await names(), [one, one]);
    assert.deepEqual([await pings("acme", "free"), await pings("acme", "premium")].flat(), [403, 403, 200, 200]);
    const { tier, log } = await show("acme");
    assert.deepEqual([tier, log.at(-1).what], ["premium", "moved from free to premium"]);
  });

  it("rotates the secret and all keys, from wherever a rotation broke off", async () => {
    const older = await secretOf("eu-west-1");
    const rotation = new Command(folder, ["tenant", "rotate", "--state", folder.state, "--time-scale", "1"]);
    await rotation.says(/^waits .* until API Gateway knows the new keys/m, 20_000);
    rotation.child.kill("SIGKILL");
    await rotation.ended;
    const both = ["acme-two.premium.1", "acme-two.premium.2", "acme.premium.1", "acme.premium.2"].map(
      (name) => `test.${name}`,
    );
    assert.deepEqual(await names(), [both, both]);
    for (const region of tenantRegions) {
      assert.deepEqual(
        [(await secretOf(region)).current, [...(await secretOf(region)).keys.keys()]],
        ["1", ["1", "2"]],
      );
    }
    // Requests go on all the time, by the key that the secret names at that moment.
    let rotating = true;
    const statuses = new Set<number>();
    const rotated = run("rotate", "--time-scale", "60").finally(() => {
      rotating = false;
    });
    let rounds = 0;
    for (; rotating; rounds++) for (const status of await pings("acme", "premium")) statuses.add(status);
    const { code, stdout, stderr } = await rotated;
    assert.equal(code, 0, stderr);
    assert.deepEqual([[...statuses], rounds > 20], [[200], true]);
    assert.match(stderr, /^goes on with the rotation to version 2$/m);
    assert.match(stdout, /2 tenants have keys of version 2 of the secret/);
    const newer = both.filter((name) => name.endsWith(".2"));
    assert.deepEqual(await names(), [newer, newer]);
    for (const region of tenantRegions) {
      const { current, keys } = await secretOf(region);
      assert.deepEqual([current, [...keys.keys()]], ["2", ["2"]]);
      for (const key of [...older.keys.values(), ...keys.values()]) {
        assert.ok(!(stdout + stderr).includes(key.toString("base64url")));
      }
    }
    await succeeds("suspend", "acme-two");
    assert.deepEqual((await names())[0], ["test.acme-two.premium.2 off", "test.acme.premium.2"]);
  });

  it("removes a tenant with its members, and keeps its name while tokens of it are valid", async () => {
    await succeeds("remove", "acme");
    assert.deepEqual(await names(), [["test.acme-two.premium.2 off"], ["test.acme-two.premium.2 off"]]);
    assert.match((await run("show", "acme")).stderr, /^test has no tenant acme; /m);
    assert.match(await succeeds("remove", "acme"), /nothing changed/);
    const refused = await run("add", "acme", "--tier", "free", "--time-scale", "1");
    assert.match(refused.stderr, /^tokens of the removed tenant acme are valid until \S+Z; add it after that/m);
    // 16 minutes at the scale of `run`.
    await setTimeout(96);
    await succeeds("add", "acme", "--tier", "free");
    assert.deepEqual((await show("acme")).members, []);
  });

  it("counts keys and tenants before it makes one too many", () => {
    refuseTooManyKeys("eu-west-1", 9_999, 1);
    assert.throws(() => refuseTooManyKeys("eu-west-1", 9_999, 2), {
      message:
        "eu-west-1: an account has at most 10,000 API keys in a region, got 9999 and 2 to make; remove tenants, or use another account",
    });
    refuseTooManyTenants(5_000);
    assert.throws(
      () => refuseTooManyTenants(5_001),
      /at most 5,000 tenants, got 5001; remove tenants first, or use another account/,
    );
  });

  it("asks for the count of the account's keys, of other programs too, before it makes the first", async () => {
    const before = await names();
    const pages = 20;
    const full = createServer((client, answer) => {
      const { pathname, searchParams } = new URL(client.url!, "http://localhost");
      if (client.method === "GET" && pathname === "/apikeys" && !searchParams.has("name")) {
        const page = Number(searchParams.get("position") ?? 0);
        const item = Array.from({ length: 500 }, (_, i) => ({ id: `key-${page}-${i}`, name: "another program's" }));
        answer.setHeader("content-type", "application/json");
        answer.end(JSON.stringify({ item, ...(page + 1 < pages ? { position: String(page + 1) } : {}) }));
        return;
      }
      if (pathname === "/_platform/state") {
        const state = {
          ...platform.state(),
          endpoints: { ...platform.endpoints, aws: `http://${client.headers.host}` },
        };
        answer.end(JSON.stringify(state));
        return;
      }
      const { method = "GET", headers } = client;
      const passed = send(`${platform.endpoints.aws}${client.url}`, { method, headers }, (got) => {
        answer.writeHead(got.statusCode!, got.headers);
        got.pipe(answer);
      });
      client.pipe(passed);
    });
    await new Promise<void>((resolve) => full.listen(0, "127.0.0.1", resolve));
    const own = new Folder();
    try {
      const endpoints = JSON.parse(readFileSync(join(folder.state, "endpoints.json"), "utf8"));
      endpoints.console = `http://127.0.0.1:${(full.address() as AddressInfo).port}`;
      mkdirSync(own.state, { recursive: true });
      writeFileSync(join(own.state, "endpoints.json"), JSON.stringify(endpoints));
      for (const [args, made] of [
        [["add", "one-more", "--tier", "free"], 1],
        [["rotate"], 2],
      ] as const) {
        const ended = await runner.run("tenant", ...args, "--state", own.state, "--time-scale", "10000");
        const says = `eu-west-1: an account has at most 10,000 API keys in a region, got 10000 and ${made} to make; `;
        assert.ok(ended.code === 1 && ended.stderr.includes(says), ended.stderr);
      }
      assert.deepEqual(await names(), before);
    } finally {
      full.closeAllConnections();
      full.close();
      own.remove();
    }
  });

  it("adds no tenant above the 5,000 whose keys can be rotated", async () => {
    const rows = DynamoDBDocumentClient.from(
      new DynamoDBClient({ ...client(tenantRegions[0]!), endpoint: platform.endpoints.dynamodb }),
    );
    const { memberTable: members } = outputs.identity[tenantRegions[0]!];
    for (let first = 0; first < 5_000; first += 25) {
      const puts = Array.from({ length: 25 }, (_, i) => ({
        PutRequest: { Item: { id: `tenant#filler-${first + i}`, name: `filler-${first + i}`, state: "active" } },
      }));
      await rows.send(new BatchWriteCommand({ RequestItems: { [members]: puts } }));
    }
    const { stderr } = await run("add", "one-more", "--tier", "free");
    assert.match(stderr, /there are at most 5,000 tenants, got 500\d; remove tenants first, or use another account$/m);
  });

  it("refuses what it cannot do, in one sentence", async () => {
    const cases: Record<string, [RegExp, number?]> = {
      "add Acme --tier free": [/a tenant's name must be 1-64 of a-z, 0-9 and inner hyphens, got "Acme"/],
      "add acme --tier premium": [/^acme is a tenant of tier free; move it with `tier acme premium`$/m],
      "add acme-two --tier premium": [/^acme-two is a suspended tenant; run `resume acme-two`$/m],
      "add other --tier none": [/^the tier must be one of free, premium, got "none"; /m],
      "suspend none": [/^test has no tenant none; `list` prints all, `add` makes one$/m],
      "list --endpoint http://127.0.0.1:1": [/^--stack must name the environment of --outputs or --endpoint; add it$/m],
      "list --stack prod": [/^--time-scale must be 1 on AWS, whose caches take their time, got 10000; leave it out$/m],
      "list --stack prod-edge": [/must name a whole environment, such as prod/, 2],
      "member acme": [/--user <name> or --client <id> must be given/, 2],
      nothing: [/unknown command 'nothing'/, 2],
    };
    for (const [args, [says, code = 1]] of Object.entries(cases)) {
      const got = await run(...args.split(" "));
      assert.deepEqual([args, got.code, got.stdout], [args, code, ""], got.stderr);
      assert.match(got.stderr, says, args);
      assert.doesNotMatch(got.stderr, /^\s+at /m, args);
    }
  });
});
