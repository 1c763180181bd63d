import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { APIGatewayClient, CreateUsagePlanCommand, GetApiKeysCommand } from "@aws-sdk/client-api-gateway";
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Folder } from "../helpers/command";
import { CommandRunner } from "../helpers/command-runner";
import { type Emulator, startEmulator } from "./emulator/moto";

const regions = ["eu-west-1", "eu-central-1"];

/** The same commands as tests/cli/tenant.spec.ts has, against another's idea of AWS. */
describe("npm run tenant, against moto", () => {
  const folder = new Folder();
  const runner = new CommandRunner();
  const outputs = join(folder.path, "outputs.json");
  let emulator: Emulator;
  let clientId: string;

  const settings = (region: string) => ({
    region,
    endpoint: emulator.url,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });

  before(async () => {
    emulator = await startEmulator();
    const identity = await makeIdentity();
    const edge = await Promise.all(
      regions.map(async (region) => [region, { tenants: await makeEdge(region) }] as const),
    );
    writeFileSync(outputs, JSON.stringify({ identity: { "eu-west-1": identity }, edge: Object.fromEntries(edge) }));
  });
  after(async () => {
    await runner.stop();
    await emulator.stop();
    folder.remove();
  });

  async function makeIdentity() {
    const cognito = new CognitoIdentityProviderClient(settings("eu-west-1"));
    const made = await cognito.send(new CreateUserPoolCommand({ PoolName: "pool", UsernameAttributes: ["email"] }));
    const UserPoolId = made.UserPool!.Id!;
    const { UserPoolClient: client } = await cognito.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: "service",
        AllowedOAuthFlows: ["client_credentials"],
        AccessTokenValidity: 15,
        TokenValidityUnits: { AccessToken: "minutes" },
      }),
    );
    clientId = client!.ClientId!;
    const user = (Username: string, email_verified: string) =>
      cognito.send(
        new AdminCreateUserCommand({
          UserPoolId,
          Username,
          UserAttributes: Object.entries({ email: Username, email_verified }).map(([Name, Value]) => ({ Name, Value })),
        }),
      );
    await user("ada@example.com", "true");
    await user("eve@example.com", "false");
    await new DynamoDBClient(settings("eu-west-1")).send(
      new CreateTableCommand({
        TableName: "members",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    );
    return { userPoolId: UserPoolId, clientIds: [clientId], memberTable: "members" };
  }

  async function makeEdge(region: string) {
    const api = new APIGatewayClient(settings(region));
    const plan = async (name: string) => (await api.send(new CreateUsagePlanCommand({ name }))).id!;
    const { ARN } = await new SecretsManagerClient(settings(region)).send(new CreateSecretCommand({ Name: "tenants" }));
    return { plans: { free: await plan("free"), premium: await plan("premium") }, secretArn: ARN };
  }

  const run = (...args: string[]) =>
    runner.run(
      "tenant",
      ...args,
      "--stack",
      "test",
      "--endpoint",
      emulator.url,
      "--outputs",
      outputs,
      "--time-scale",
      "10000",
    );
  const succeeds = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const names = async () => {
    const all = regions.map((region) => new APIGatewayClient(settings(region)).send(new GetApiKeysCommand({})));
    return (await Promise.all(all)).map(({ items }) =>
      items!.map(({ name, enabled }) => `${name}${enabled ? "" : " off"}`).sort(),
    );
  };
  const both = (...keys: string[]) => regions.map(() => keys);

  it("adds, shows, suspends and resumes tenants in both regions, and changes nothing the second time", async () => {
    await succeeds("add", "acme", "--tier", "free");
    await succeeds("add", "acme-two", "--tier", "premium");
    assert.match(await succeeds("add", "acme", "--tier", "free"), /nothing changed/);
    assert.match(await succeeds("sync"), /nothing changed/);
    await succeeds("suspend", "acme");
    assert.deepEqual(await names(), both("test.acme-two.premium.1", "test.acme.free.1 off"));
    await succeeds("resume", "acme");
    assert.deepEqual(await names(), both("test.acme-two.premium.1", "test.acme.free.1"));
    assert.match(await succeeds("list"), /^acme {6}free {2}active/m);
    assert.match(await succeeds("show", "acme"), /test\.acme\.free\.1 {2}enabled/);
  });

  it("has verified users and machine clients as members, moves them with their tenant, and removes them with it", async () => {
    await succeeds("member", "acme", "--user", "ada@example.com");
    await succeeds("member", "acme", "--client", clientId);
    assert.match((await run("member", "acme", "--user", "eve@example.com")).stderr, /must be verified/);
    assert.match((await run("member", "acme", "--user", "none@example.com")).stderr, /has no user "none@example\.com"/);
    await succeeds("tier", "acme", "premium");
    assert.deepEqual(await names(), both("test.acme-two.premium.1", "test.acme.premium.1"));
    const row = new GetItemCommand({ TableName: "members", Key: { id: { S: clientId } } });
    const item = async () => (await new DynamoDBClient(settings("eu-west-1")).send(row)).Item;
    assert.deepEqual(await item(), { id: { S: clientId }, tenant: { S: "acme" }, tier: { S: "premium" } });
    await succeeds("remove", "acme");
    assert.equal(await item(), undefined);
    assert.deepEqual(await names(), both("test.acme-two.premium.1"));
  });

  it("rotates the secret and all keys", async () => {
    await succeeds("rotate");
    assert.deepEqual(await names(), both("test.acme-two.premium.2"));
    assert.match(await succeeds("sync"), /nothing changed/);
  });
});
