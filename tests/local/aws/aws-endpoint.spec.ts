import assert from "node:assert/strict";
import {
  APIGatewayClient,
  BadRequestException,
  ConflictException,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeysCommand,
  GetRestApisCommand,
  GetUsageCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeysCommand,
  NotFoundException,
  UpdateApiKeyCommand,
} from "@aws-sdk/client-api-gateway";
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  ListUserPoolsCommand,
  ResourceNotFoundException as NoSuchClient,
  UserNotFoundException,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { request } from "undici";
import { GraphIndex } from "../../../graph/model";
import { ApiKeys } from "../../../local/aws/api-keys";
import { AwsEndpoint } from "../../../local/aws/aws-endpoint";
import { cognitoApi } from "../../../local/aws/cognito-api";
import { operations } from "../../../local/aws/operations";
import { UserPools } from "../../../local/cognito/user-pools";
import { userOf } from "../../../local/cognito/users";
import { operatorKeys } from "../../../local/iam/access";
import { keys } from "../cognito/planned";
import { operatorOnly } from "../helpers/access";
import { sign } from "../iam/sigv4/signer";
import { planTenants } from "./helpers/tenants";

describe("the local AWS endpoint", () => {
  let index: GraphIndex;
  let endpoint: AwsEndpoint;
  let settings: (region?: string) => object;
  let api: APIGatewayClient;
  let outputs: any;
  const logged: string[] = [];
  /** What the gateway of eu-west-1 was told, by the value of a key. */
  const told = new Map<string, { enabled: boolean; planIds: readonly string[] }>();
  const value = (letter: string) => letter.repeat(64);

  before(async () => {
    index = new GraphIndex(await planTenants());
    const userPools = new UserPools(index, { keys });
    outputs = index.graph.outputs;
    const plans = {
      put: ({ value: of, ...key }: { value: string; enabled: boolean; planIds: readonly string[] }) =>
        told.set(of, key),
      remove: (of: string) => told.delete(of),
      usage: () => ({ used: 30, remaining: 70 }),
    };
    endpoint = new AwsEndpoint(index, {
      access: operatorOnly,
      usagePlans: (region) => (region === "eu-west-1" ? plans : undefined),
      apis: () => ({ "cognito-idp": cognitoApi(userPools) }),
      log: (line) => logged.push(line),
    });
    await endpoint.start();
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    settings = (region = "eu-west-1") => ({ region, endpoint: endpoint.url, credentials, maxAttempts: 1 });
    api = new APIGatewayClient(settings());
  });
  after(() => endpoint.stop());

  const plans = () => outputs.edge["eu-west-1"].tenants.plans as Record<string, string>;
  const create = (name: string, letter: string) =>
    api.send(new CreateApiKeyCommand({ name, value: value(letter), enabled: true, description: "d" }));

  it("makes, finds, changes and removes API keys, with their values only where they are asked for", async () => {
    const { id, createdDate, ...made } = await create("test.acme.free.1", "a");
    assert.ok(createdDate instanceof Date);
    assert.deepEqual([made.name, made.enabled, made.value], ["test.acme.free.1", true, value("a")]);
    await create("test.acme-two.free.1", "b");
    const names = async (nameQuery: string) =>
      (await api.send(new GetApiKeysCommand({ nameQuery }))).items!.map((key) => [key.name, key.value]);
    assert.deepEqual(await names("test.acme."), [["test.acme.free.1", undefined]]);
    assert.equal((await names("test.")).length, 2);
    const page = await api.send(new GetApiKeysCommand({ limit: 1, includeValues: true }));
    assert.deepEqual([page.items!.length, page.items![0]!.value], [1, value("a")]);
    const next = await api.send(new GetApiKeysCommand({ limit: 1, position: page.position }));
    assert.deepEqual([next.items![0]!.name, next.position], ["test.acme-two.free.1", undefined]);
    const patchOperations = [{ op: "replace" as const, path: "/enabled", value: "false" }];
    assert.equal((await api.send(new UpdateApiKeyCommand({ apiKey: id, patchOperations }))).enabled, false);
    assert.equal(told.get(value("a"))!.enabled, false);
    await api.send(new DeleteApiKeyCommand({ apiKey: id }));
    await assert.rejects(api.send(new DeleteApiKeyCommand({ apiKey: id })), NotFoundException);
    assert.equal(told.has(value("a")), false);
    await api.send(new DeleteApiKeyCommand({ apiKey: next.items![0]!.id }));
  });

  it("puts a key into one plan of a stage, and refuses what AWS refuses, by AWS's own exceptions", async () => {
    const { id: keyId } = await create("test.acme.free.1", "c");
    const { free, premium } = plans();
    await api.send(new CreateUsagePlanKeyCommand({ usagePlanId: free, keyId, keyType: "API_KEY" }));
    assert.deepEqual(told.get(value("c"))!.planIds, [free]);
    const inPlan = await api.send(new GetUsagePlanKeysCommand({ usagePlanId: free }));
    assert.deepEqual(
      inPlan.items!.map((key) => key.id),
      [keyId],
    );
    const second = new CreateUsagePlanKeyCommand({ usagePlanId: premium, keyId, keyType: "API_KEY" });
    await assert.rejects(api.send(second), ConflictException);
    await assert.rejects(create("another", "c"), ConflictException);
    await assert.rejects(api.send(new CreateApiKeyCommand({ name: "x", value: "short" })), BadRequestException);
    assert.equal((await api.send(new GetUsagePlanKeysCommand({ usagePlanId: premium }))).items!.length, 0);
    await assert.rejects(api.send(new GetUsagePlanCommand({ usagePlanId: "none" })), NotFoundException);
    await api.send(new DeleteUsagePlanKeyCommand({ usagePlanId: free, keyId }));
    await api.send(second);
    await api.send(new DeleteApiKeyCommand({ apiKey: keyId }));
    assert.equal((await api.send(new GetUsagePlanKeysCommand({ usagePlanId: premium }))).items!.length, 0);
  });

  it("says what the gateway has counted of a quota", async () => {
    const { id: keyId } = await create("test.acme.free.1", "d");
    const { free } = plans();
    await api.send(new CreateUsagePlanKeyCommand({ usagePlanId: free, keyId, keyType: "API_KEY" }));
    const today = new Date().toISOString().slice(0, 10);
    const usage = new GetUsageCommand({ usagePlanId: free, keyId, startDate: today, endDate: today });
    assert.deepEqual((await api.send(usage)).items, { [keyId!]: [[30, 70]] });
    await api.send(new DeleteApiKeyCommand({ apiKey: keyId }));
  });

  it("refuses key 10,001 of a region, and has other keys in another region", async () => {
    const keys = new ApiKeys(index, "eu-central-1");
    for (let i = 0; i < 10_000; i++) keys.create({ name: `k${i}`, enabled: true });
    assert.throws(() => keys.create({ name: "one more", enabled: true }), { name: "LimitExceededException" });
    await create("test.acme.free.1", "e");
    const other = new APIGatewayClient(settings("eu-central-1"));
    assert.deepEqual((await other.send(new GetApiKeysCommand({}))).items, []);
  });

  it("keeps a secret's value for its region alone", async () => {
    const secrets = new SecretsManagerClient(settings());
    const SecretId = outputs.edge["eu-west-1"].tenants.secretArn;
    await assert.rejects(secrets.send(new GetSecretValueCommand({ SecretId })), (error: Error) => {
      return error instanceof ResourceNotFoundException && /staging label: AWSCURRENT/.test(error.message);
    });
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: "s" }));
    assert.equal((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString, "s");
    const other = new SecretsManagerClient(settings("eu-central-1"));
    await assert.rejects(other.send(new GetSecretValueCommand({ SecretId })), ResourceNotFoundException);
  });

  it("has the users and clients of the planned pool, with the subs that tokens have", async () => {
    const cognito = new CognitoIdentityProviderClient(settings());
    const { userPoolId: UserPoolId, clientIds } = outputs.identity["eu-west-1"];
    const ada = { UserPoolId, Username: "ada@example.com" };
    await assert.rejects(cognito.send(new AdminGetUserCommand(ada)), UserNotFoundException);
    const UserAttributes = [{ Name: "email_verified", Value: "true" }];
    await cognito.send(new AdminCreateUserCommand({ ...ada, UserAttributes, MessageAction: "SUPPRESS" }));
    const user = await cognito.send(new AdminGetUserCommand(ada));
    const { sub } = userOf({ id: UserPoolId, signInByEmail: true }, "ada@example.com");
    assert.deepEqual(
      user.UserAttributes!.map(({ Name, Value }) => [Name, Value]),
      [
        ["sub", sub],
        ["email_verified", "true"],
        ["email", "ada@example.com"],
      ],
    );
    const describe = (ClientId: string) => cognito.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    const { UserPoolClient: client } = await describe(clientIds[1]);
    assert.deepEqual(client!.AllowedOAuthFlows, ["client_credentials"]);
    assert.deepEqual([client!.AccessTokenValidity, client!.TokenValidityUnits!.AccessToken], [15, "minutes"]);
    await assert.rejects(describe("none"), NoSuchClient);
  });

  it("says whose call it is, and refuses calls of other services, without signature or of another Host", async () => {
    const { Account } = await new STSClient(settings()).send(new GetCallerIdentityCommand({}));
    assert.equal(Account, "123456789012");
    const ask = async (headers: Record<string, string>) => {
      const answer = await request(`${endpoint.url}/`, { method: "POST", headers });
      return [answer.statusCode, ((await answer.body.json()) as any).__type];
    };
    assert.deepEqual(await ask({}), [403, "MissingAuthenticationTokenException"]);
    assert.deepEqual(await ask({ host: "evil.example" }), [403, "AccessDeniedException"]);
    const authorization = "AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/ec2/aws4_request, Signature=0";
    assert.deepEqual(logged, []);
    assert.deepEqual(await ask({ authorization }), [400, "UnknownOperationException"]);
    assert.deepEqual(logged, ["aws: a called ec2, which is not here"]);
  });

  it("answers what no code of the project calls as AWS answers an unknown operation, and logs who called it", async () => {
    const from = logged.length;
    const unknown = async (sent: Promise<unknown>) => {
      const error: any = await sent.then(
        () => assert.fail("it was answered"),
        (reason) => reason,
      );
      return [error.name, error.$metadata.httpStatusCode];
    };
    const secrets = new SecretsManagerClient(settings());
    const cognito = new CognitoIdentityProviderClient(settings());
    assert.deepEqual(await unknown(api.send(new GetRestApisCommand({}))), ["UnknownOperationException", 404]);
    assert.deepEqual(await unknown(secrets.send(new ListSecretsCommand({}))), ["UnknownOperationException", 400]);
    assert.deepEqual(await unknown(cognito.send(new ListUserPoolsCommand({ MaxResults: 1 }))), [
      ...["UnknownOperationException", 400],
    ]);
    const sts = new STSClient(settings());
    assert.deepEqual(await unknown(sts.send(new GetSessionTokenCommand({}))), ["InvalidAction", 400]);
    const who = "aws: arn:aws:iam::123456789012:user/local called";
    assert.deepEqual(logged.slice(from), [
      `${who} apigateway GET /restapis, which is not here`,
      `${who} secretsmanager ListSecrets, which is not here`,
      `${who} cognito-idp ListUserPools, which is not here`,
      `${who} sts GetSessionToken, which is not here`,
    ]);
  });

  it("has every operation of its services that the project uses", async () => {
    const headers = { host: new URL(endpoint.url).host };
    for (const service of ["apigateway", "secretsmanager", "cognito-idp", "sts"]) {
      for (const [operation, at] of Object.entries(operations[service]!)) {
        const [method = "POST", path = "/"] = at === "" ? [] : at.replace(/\{\w+\}/g, "none").split(" ");
        const form = service === "sts";
        const body = form ? `Action=${operation}&Version=2011-06-15` : method === "GET" ? "" : "{}";
        const type = form ? "application/x-www-form-urlencoded" : "application/x-amz-json-1.1";
        const more = { "content-type": type, ...(at === "" && !form && { "x-amz-target": `a.${operation}` }) };
        const unsigned = { method, path, headers: { ...headers, ...more }, body };
        const signed = await sign(unsigned, { service, ...operatorKeys, sessionToken: "", at: new Date() });
        const pairs = signed.rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, signed.rawHeaders[i + 1]!]] : []));
        const answer = await request(`${endpoint.url}${path}`, {
          ...{ method: method as "GET", headers: Object.fromEntries(pairs) },
          ...(body !== "" && { body }),
        });
        const text = await answer.body.text();
        assert.doesNotMatch(text, /UnknownOperationException|InvalidAction/, `${service} ${operation}: ${text}`);
        assert.ok(answer.statusCode < 500, `${service} ${operation}: ${text}`);
      }
    }
  });
});
