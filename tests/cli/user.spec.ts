import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GraphIndex } from "../../graph/model";
import type { AwsEndpoint } from "../../local/aws/aws-endpoint";
import { UserPools } from "../../local/cognito/user-pools";
import { type End, Folder } from "../helpers/command";
import { CommandRunner } from "../helpers/command-runner";
import { keys, plannedIdentity } from "../local/cognito/planned";
import { plannedPools, startPoolsApi } from "../local/cognito/pools-api";

describe("npm run user", function () {
  this.timeout(60_000);
  const folder = new Folder();
  const runner = new CommandRunner();
  let index: GraphIndex;
  let pools: UserPools;
  let endpoint: AwsEndpoint;
  let outputs: string;

  before(async () => {
    index = await plannedIdentity();
    pools = new UserPools(index, { keys });
    endpoint = await startPoolsApi(index, pools);
    outputs = join(folder.path, "outputs.json");
    writeFileSync(outputs, JSON.stringify({ identity: { "eu-west-1": { userPoolId: pools.pools[0]!.id } } }));
  });
  after(async () => {
    await Promise.all([runner.stop(), endpoint.stop()]);
    folder.remove();
  });

  const run = (...args: string[]): Promise<End> =>
    runner.run("user", ...args, "--stack", "dev", "--outputs", outputs, "--endpoint", endpoint.url);
  const succeeds = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const refused = async (...args: string[]) => {
    const { code, stderr } = await run(...args);
    assert.equal(code, 1);
    return stderr.trim();
  };
  const listed = async (...args: string[]) => JSON.parse(await succeeds("list", "--json", ...args));

  it("makes users, with a password of their own or one that is sent, and lists them with their groups", async () => {
    assert.equal(await succeeds("list"), "no users\n");
    const ada = ["add", "ada@example.com", "--password", "Passw0rd-of-ada", "--group", "staff", "readers"];
    assert.equal(await succeeds(...ada), "ada@example.com is a user\n");
    assert.match(
      await succeeds("add", "eve@example.com"),
      /^eve@example\.com is a user; the temporary password was sent$/m,
    );
    assert.match(
      pools.mailbox.messages("eve@example.com")[0]!.text,
      /^Your username is eve@example\.com and temporary password is \S+$/,
    );
    assert.deepEqual(
      (await listed()).map(({ name, state, groups }: any) => [name, state, groups.sort()]),
      [
        ["ada@example.com", "CONFIRMED", ["readers", "staff"]],
        ["eve@example.com", "FORCE_CHANGE_PASSWORD", []],
      ],
    );
    assert.match(await succeeds("list"), /^ada@example\.com {2}CONFIRMED {2}/m);
    assert.ok(pools.directory(pools.pools[0]!.id).get("ada@example.com").hasPassword("Passw0rd-of-ada"));
  });

  it("puts a user into a group and takes the user out", async () => {
    assert.equal(await succeeds("group", "eve@example.com", "admins"), "eve@example.com is in admins\n");
    assert.deepEqual((await listed("--group", "admins")).length, 1);
    assert.equal(
      await succeeds("group", "eve@example.com", "admins", "--remove"),
      "eve@example.com is not in admins\n",
    );
    assert.deepEqual(await listed("--group", "admins"), []);
  });

  it("disables a user and lets the user in again", async () => {
    const state = async () => (await listed()).find(({ name }: any) => name === "eve@example.com").state;
    assert.equal(await succeeds("disable", "eve@example.com"), "eve@example.com may not sign in\n");
    assert.equal(await state(), "FORCE_CHANGE_PASSWORD, disabled");
    assert.equal(await succeeds("disable", "eve@example.com", "--undo"), "eve@example.com may sign in\n");
    assert.equal(await state(), "FORCE_CHANGE_PASSWORD");
    assert.match(await refused("disable", "x@example.com"), /has no user/);
  });

  it("removes a user", async () => {
    assert.equal(await succeeds("remove", "eve@example.com"), "eve@example.com is removed\n");
    assert.deepEqual((await listed()).length, 1);
  });

  it("lists more users than a page has", async () => {
    const directory = pools.directory(pools.pools[0]!.id);
    for (let i = 0; i < 130; i++) directory.addQuick(`user${i}@example.com`, { email: `user${i}@example.com` });
    assert.equal((await listed()).length, 131);
  });

  it("refuses what it cannot do, in one sentence", async () => {
    assert.match(
      await refused("add", "ada@example.com"),
      /has a user "ada@example\.com" already; `user group` changes/,
    );
    assert.match(await refused("add", "ada"), /InvalidParameterException: Username should be an email\.; correct it/);
    assert.match(await refused("add", "x@example.com", "--password", "short"), /InvalidPasswordException: /);
    assert.match(await refused("remove", "x@example.com"), /has no user/);
    assert.match(await refused("group", "none@example.com", "staff"), /has no user "none@example\.com"; `user list`/);
    assert.match(await refused("group", "ada@example.com", "none"), /has no group "none"; add it/);
    assert.match(await refused("remove", "none@example.com"), /has no user "none@example\.com"/);
    assert.match(await refused("list", "--group", "none"), /has no group "none"/);
    const onAws = ["add", "a@example.com", "--password", "x", "--stack", "dev", "--outputs", outputs];
    assert.match((await runner.run("user", ...onAws)).stderr, /--password must not be given on AWS/);
    const nowhere = await runner.run("user", "list", "--state", folder.state);
    assert.match(nowhere.stderr, /no platform runs from this folder; start one/);
  });
});

describe("npm run user with a user pool in each region", function () {
  this.timeout(120_000);
  const folder = new Folder();
  const runner = new CommandRunner();
  const name = "ada@example.com";
  let pools: UserPools;
  let endpoint: AwsEndpoint;
  let outputs: string;

  before(async () => {
    const index = await plannedPools();
    pools = new UserPools(index, { keys });
    endpoint = await startPoolsApi(index, pools);
    outputs = join(folder.path, "outputs.json");
    writeFileSync(outputs, JSON.stringify(index.graph.outputs));
  });
  after(async () => {
    await Promise.all([runner.stop(), endpoint.stop()]);
    folder.remove();
  });
  beforeEach(() => {
    for (const { id } of pools.pools) pools.directory(id).addQuick(name, { email: name });
  });

  const run = (...args: string[]): Promise<End> =>
    runner.run("user", ...args, "--stack", "prod", "--outputs", outputs, "--endpoint", endpoint.url);
  const users = () => pools.pools.map(({ id }) => pools.directory(id).find(name));

  it("disables a person in both", async () => {
    const states = () => users().map((user) => user?.enabled);
    assert.equal((await run("disable", name)).code, 0);
    assert.deepEqual(states(), [false, false]);
    assert.equal((await run("disable", name, "--undo")).code, 0);
    assert.deepEqual(states(), [true, true]);
  });

  it("puts a person into a group, takes them out and removes them in both, also one who is in one only", async () => {
    assert.equal((await run("group", name, "editors")).code, 0);
    assert.deepEqual(
      users().map((user) => user?.memberOf.has("editors")),
      [true, true],
    );
    assert.equal((await run("group", name, "editors", "--remove")).code, 0);
    assert.deepEqual(
      users().map((user) => user?.memberOf.has("editors")),
      [false, false],
    );
    pools.directory(pools.pools[0]!.id).delete(users()[0]!);
    assert.equal((await run("remove", name)).code, 0);
    assert.deepEqual(users(), [undefined, undefined]);
    assert.match((await run("remove", name)).stderr, /has no user "ada@example\.com"/);
  });
});
