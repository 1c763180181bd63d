import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { catalog } from "../../apps/catalog";
import { expectedOf } from "../../cli/verify/expected";
import { UserError } from "../../graph/user-error";
import { NotRun } from "../../verify/check";
import { AddressRegions } from "../../verify/deployed/address-regions";
import { pulumiOutputs } from "../../verify/deployed/pulumi-outputs";
import { readOutputs } from "../../verify/deployed/stack-outputs";
import { deployedTokens } from "../../verify/deployed/tokens";
import { definitionOf } from "../../verify/story";
import { plannedGraph } from "./helpers/environment";

describe("the samples", () => {
  it("are valid bodies, one for each route that takes one", () => {
    const bodies = Object.values(catalog).flatMap(({ name, routes }) =>
      routes.flatMap(({ id }) => (definitionOf(name, id).body === undefined ? [] : [[name, id] as const])),
    );
    assert.ok(bodies.length >= 5);
    for (const [name, id] of bodies) definitionOf(name, id).body!.parse(definitionOf(name, id).sample);
  });
});

describe("verifying a deployed environment", () => {
  it("reads names, tables and sign-in from what the program puts out", async () => {
    const { outputs } = await plannedGraph("prod");
    const read = readOutputs(outputs, expectedOf("prod"));
    assert.equal(read.globalName, "api.example.com");
    assert.deepEqual(read.regionalNames, {
      "eu-west-1": "eu-west-1.api.example.com",
      "eu-central-1": "eu-central-1.api.example.com",
    });
    const tables = Object.values(catalog).flatMap(({ name, needs }) => [
      name,
      ...Object.keys(needs.tables ?? {}).map((table) => `${name}/${table}`),
    ]);
    assert.ok(tables.includes("shipping/pickups"));
    assert.deepEqual(Object.keys(read.tables).sort(), tables.sort());
    assert.match(read.signInUrl!, /^https:\/\/example-platform-prod\.auth\.eu-west-1\.amazoncognito\.com$/);
    assert.equal(read.serviceClientId, (outputs["identity"]["eu-west-1"].clientIds as string[])[1]);
  });

  it("puts the outputs of a split environment together, and leaves other stacks alone", async () => {
    const outputs: Record<string, object> = {
      dev: { edge: { dev: 1 } },
      "prod-identity.eu-west-1": { version: 1, identity: { "eu-west-1": 1 } },
      "organization/platform/prod-edge.eu-west-1": { version: 1, edge: { "eu-west-1": 2 } },
      "prod-edge.eu-central-1": { version: 1, edge: { "eu-central-1": 3 } },
    };
    const pulumi = async (...args: readonly string[]) =>
      JSON.stringify(args[1] === "ls" ? Object.keys(outputs).map((name) => ({ name })) : outputs[args.at(-1)!]);
    const environmentOf = (name: string) => name.split(/[-.]/)[0];
    assert.deepEqual(await pulumiOutputs("prod", pulumi, environmentOf), {
      version: 1,
      identity: { "eu-west-1": 1 },
      edge: { "eu-west-1": 2, "eu-central-1": 3 },
    });
    await assert.rejects(
      pulumiOutputs("test", pulumi, environmentOf),
      new UserError("test has no stack in this state; deploy it, or log in where its state is"),
    );
    const broken = () => Promise.reject(new Error("\nerror: no credentials\nmore"));
    await assert.rejects(
      pulumiOutputs("prod", broken, environmentOf),
      new UserError("`pulumi stack ls --json` failed: error: no credentials"),
    );
  });

  it("tells the region of a name by the ranges that AWS publishes", async () => {
    const answers: Record<string, string[]> = {
      one: ["3.248.0.9", "3.248.1.9"],
      two: ["3.248.0.9", "18.192.0.1"],
      none: ["9.9.9.9"],
    };
    const load = async () => ({
      prefixes: [
        { ip_prefix: "3.248.0.0/13", region: "eu-west-1" },
        { ip_prefix: "18.192.0.0/15", region: "eu-central-1" },
        { ip_prefix: "9.0.0.0/8", region: "us-east-1" },
      ],
    });
    const regions = new AddressRegions(["eu-west-1", "eu-central-1"], async (name) => answers[name]!, load);
    assert.deepEqual(await regions.of("one"), ["eu-west-1"]);
    assert.deepEqual(await regions.of("two"), ["eu-central-1", "eu-west-1"]);
    assert.deepEqual(await regions.of("none"), ["another place (9.9.9.9)"]);
  });

  it("gets tokens by client credentials, or takes the one that is given for what it says", async () => {
    const asked: string[] = [];
    const server = createServer(async (req, res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk);
      asked.push(`${req.url} ${req.headers.authorization} ${Buffer.concat(chunks)}`);
      res.end(asked.length === 1 ? '{"access_token":"t"}' : '{"error":"invalid_client"}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const tokens = deployedTokens({ clientId: "c", clientSecret: "s" }, url)!;
      assert.equal(await tokens(["a/write"]), "t");
      assert.deepEqual(asked, [`/oauth2/token Basic ${btoa("c:s")} grant_type=client_credentials&scope=a%2Fwrite`]);
      await assert.rejects(tokens(["a/write"]), /^Error: the sign-in refused a token: 200 invalid_client$/);
    } finally {
      server.close();
    }
    const given = `h.${Buffer.from('{"scope":"a/write b/write"}').toString("base64url")}.s`;
    const tokens = deployedTokens({ token: given }, undefined)!;
    assert.equal(await tokens(["a/write"]), given);
    await assert.rejects(tokens(["c/write"]), NotRun);
    await assert.rejects(tokens(["a/write"], ["b/write"]), NotRun);
    assert.equal(deployedTokens({}, url), undefined);
  });
});
