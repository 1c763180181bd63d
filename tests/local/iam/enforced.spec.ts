import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, ListBackupsCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DiscoverInstancesCommand, ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from "@aws-sdk/lib-dynamodb";
import * as s3 from "@pulumi/aws/s3";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as discovery from "@pulumi/aws/servicediscovery";
import type { GraphIndex } from "../../../graph/model";
import { AwsEndpoint } from "../../../local/aws/aws-endpoint";
import { readCloudMapServices } from "../../../local/cloudmap/discovery";
import { DiscoveryEndpoint } from "../../../local/cloudmap/discovery-endpoint";
import { DynamoDbStore } from "../../../local/dynamodb/store";
import { Access, withOperator } from "../../../local/iam/access";
import { type RoleDocuments, rolesOf } from "../../../local/iam/planned-roles";
import { Reaper } from "../../../local/processes/reaper";
import { ObjectStore } from "../../../local/s3/object-store";
import { RoleSessions } from "../../../local/sts/role-sessions";
import { addTable, plan } from "../helpers/program";
import { until } from "../helpers/wait";

const account = "123456789012";
const region = "eu-west-1";
const table = `arn:aws:dynamodb:${region}:${account}:table/things`;

type Statement = Readonly<Record<string, unknown>>;
const allow = (action: string, resource: string, more: object = {}): Statement => ({
  ...{ Effect: "Allow", Action: action, Resource: resource },
  ...more,
});

/** By name of the role: what its one policy says. */
const policies: Readonly<Record<string, readonly Statement[]>> = {
  none: [],
  get: [allow("dynamodb:GetItem", table)],
  query: [allow("dynamodb:Query", table)],
  index: [allow("dynamodb:Query", `${table}/index/*`)],
  write: [allow("dynamodb:PutItem", table)],
  other: [allow("dynamodb:*", `${table}-of-another`)],
  denied: [allow("*", "*"), { ...allow("dynamodb:GetItem", "*"), Effect: "Deny" }],
  objects: [allow("s3:GetObject", "arn:aws:s3:::things/*"), allow("s3:PutObject", "arn:aws:s3:::things/*")],
  list: [allow("s3:GetObject", "arn:aws:s3:::things/*"), allow("s3:ListBucket", "arn:aws:s3:::things")],
  closed: [allow("s3:*", "*")],
  secret: [allow("secretsmanager:GetSecretValue", `arn:aws:secretsmanager:${region}:${account}:secret:*`)],
  discover: [
    allow("servicediscovery:DiscoverInstances", "*", {
      Condition: { StringEquals: { "servicediscovery:ServiceName": "shop" } },
    }),
  ],
};

const bounded = allow("dynamodb:GetItem", table);
const roles: RoleDocuments[] = [
  ...Object.entries(policies).map(([name, Statement]) => ({
    ...{ arn: `arn:aws:iam::${account}:role/${name}`, name, account },
    identity: [{ Version: "2012-10-17", Statement }],
  })),
  {
    ...{ arn: `arn:aws:iam::${account}:role/bounded`, name: "bounded", account },
    identity: [{ Version: "2012-10-17", Statement: [allow("dynamodb:*", "*")] }],
    boundary: { Version: "2012-10-17", Statement: [bounded] },
  },
];

describe("AWS APIs on this machine, called by planned roles", () => {
  const key = Buffer.alloc(32, 7);
  const sessions = new RoleSessions(rolesOf(roles), key);
  const access = new Access(withOperator(sessions.find, account));
  const folder = mkdtempSync(join(tmpdir(), "enforced-"));
  const reaper = new Reaper();
  const logged: string[] = [];
  const tables = new DynamoDbStore((_, line) => logged.push(line), reaper);
  const objects = new ObjectStore(() => join(folder, "objects"));
  let aws: AwsEndpoint;
  let cloudMap: DiscoveryEndpoint;

  before(async () => {
    const index: GraphIndex = await plan("", (planned) => {
      addTable(planned);
      for (const bucket of ["things", "locked"]) new s3.Bucket(bucket, { bucket }, planned.opts);
      const locked = { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::locked/*" };
      const policy = JSON.stringify({ Version: "2012-10-17", Statement: [locked] });
      new s3.BucketPolicy("locked", { bucket: "locked", policy }, planned.opts);
      new secretsmanager.Secret("secret", { name: "secret" }, planned.opts);
      const namespace = new discovery.HttpNamespace("internal", { name: "internal" }, planned.opts);
      for (const name of ["shop", "bank"]) {
        new discovery.Service(name, { name, namespaceId: namespace.id }, planned.opts);
      }
    });
    aws = new AwsEndpoint(index, { usagePlans: () => undefined, access, log: () => {} });
    cloudMap = new DiscoveryEndpoint(index, readCloudMapServices(index), access, () => {});
    await Promise.all([tables.open(), objects.open(), aws.start(), cloudMap.start()]);
    objects.createBuckets(index, access);
    await tables.allow({ roles, key: key.toString("base64"), account });
    await tables.createTables(index);
  });
  after(async () => {
    await Promise.all([tables.stop(), objects.stop(), aws.stop(), cloudMap.stop()]);
    await reaper.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const settings = (role: string, endpoint: string) => ({
    ...{ endpoint, region, maxAttempts: 1, credentials: sessions.open(`arn:aws:iam::${account}:role/${role}`) },
  });
  const operator = (endpoint: string) => ({
    ...{ endpoint, region, maxAttempts: 1, credentials: { accessKeyId: "local", secretAccessKey: "local" } },
  });

  /** Sends a command; returns "allowed", or the name of the error. */
  async function outcome(sent: Promise<unknown>): Promise<string> {
    return sent.then(
      () => "allowed",
      (error: Error) => error.name,
    );
  }
  const store = (role: string) => DynamoDBDocumentClient.from(new DynamoDBClient(settings(role, tables.url)));
  const inStore = (role: string, command: any) => outcome(store(role).send(command));
  const inBucket = (role: string, command: any) =>
    outcome(new S3Client({ ...settings(role, objects.url), forcePathStyle: true }).send(command));

  const get = new GetCommand({ TableName: "things", Key: { id: "1" } });
  const put = new PutCommand({ TableName: "things", Item: { id: "1", kind: "tea" } });
  const values = { ExpressionAttributeValues: { ":a": "1" } };
  const query = new QueryCommand({ TableName: "things", KeyConditionExpression: "id = :a", ...values });
  const byKind = new QueryCommand({
    ...{ TableName: "things", IndexName: "by-kind", KeyConditionExpression: "kind = :a", ...values },
  });

  it("do of a table what the role's policy allows, and nothing else", async () => {
    const rows: [string, any, string][] = [
      ["get", get, "allowed"],
      ["get", put, "AccessDeniedException"],
      ["none", get, "AccessDeniedException"],
      ["other", get, "AccessDeniedException"],
      ["denied", get, "AccessDeniedException"],
      ["denied", put, "allowed"],
      ["query", query, "allowed"],
      ["query", byKind, "AccessDeniedException"],
      ["index", byKind, "allowed"],
      ["index", query, "AccessDeniedException"],
      ["bounded", get, "allowed"],
      ["bounded", put, "AccessDeniedException"],
    ];
    for (const [role, command, expected] of rows) {
      assert.equal(await inStore(role, command), expected, `${role} ${command.constructor.name}`);
    }
  });

  it("ask for each table of a batch, and for each operation of a transaction", async () => {
    const batch = (names: readonly string[]) =>
      new BatchGetCommand({ RequestItems: Object.fromEntries(names.map((name) => [name, { Keys: [{ id: "1" }] }])) });
    assert.equal(await inStore("get", batch(["things"])), "AccessDeniedException");
    const write = { Put: { TableName: "things", Item: { id: "2" } } };
    const remove = { Delete: { TableName: "things", Key: { id: "3" } } };
    const transact = (...TransactItems: object[]) => new TransactWriteCommand({ TransactItems: TransactItems as any });
    assert.equal(await inStore("write", transact(write, remove)), "AccessDeniedException");
    assert.notEqual(await inStore("write", transact(write)), "AccessDeniedException");
  });

  it("are refused with AWS's message, which says whose policy it is", async () => {
    const said = (role: string, command: any) =>
      store(role)
        .send(command)
        .catch((error: Error) => error.message);
    const user = (role: string) =>
      `User: arn:aws:sts::${account}:assumed-role/${role}/local is not authorized to perform:`;
    assert.equal(
      await said("none", get),
      `${user("none")} dynamodb:GetItem on resource: ${table} because no identity-based policy allows the dynamodb:GetItem action`,
    );
    assert.equal(
      await said("denied", get),
      `${user("denied")} dynamodb:GetItem on resource: ${table} with an explicit deny in an identity-based policy`,
    );
    assert.match(String(await said("bounded", put)), /because no permissions boundary allows/);
  });

  it("must be signed by keys that the platform gave out, for DynamoDB", async () => {
    const { credentials } = settings("get", tables.url);
    const send = (other: object) =>
      outcome(new DynamoDBClient({ ...settings("get", tables.url), ...other } as any).send(get as any));
    const withKeys = (changed: object) => send({ credentials: { ...credentials, ...changed } });
    assert.equal(await withKeys({ accessKeyId: "ASIAUNKNOWN" }), "UnrecognizedClientException");
    assert.equal(await withKeys({ sessionToken: "another" }), "UnrecognizedClientException");
    assert.equal(await withKeys({ secretAccessKey: "another" }), "InvalidSignatureException");
    assert.equal(await send({ systemClockOffset: -6 * 60_000 }), "InvalidSignatureException");
    assert.equal((await fetch(tables.url, { method: "POST", body: "{}" })).status, 400);
  });

  it("are answered as by AWS where the store has no such operation, which the log says with its caller", async () => {
    const other = new DynamoDBClient(operator(tables.url));
    assert.equal(await outcome(other.send(new ListBackupsCommand({}))), "UnknownOperationException");
    await until("the log has it", () => logged.length > 0, 5_000);
    assert.deepEqual(logged, [`arn:aws:iam::${account}:user/local called dynamodb ListBackups, which is not here`]);
  });

  it("do of a bucket what the policies of role and bucket allow, and see no missing key without ListBucket", async () => {
    const read = new GetObjectCommand({ Bucket: "things", Key: "a" });
    const missing = new GetObjectCommand({ Bucket: "things", Key: "b" });
    const write = new PutObjectCommand({ Bucket: "things", Key: "a", Body: "a" });
    const list = new ListObjectsV2Command({ Bucket: "things" });
    const rows: [string, any, string][] = [
      ["objects", write, "allowed"],
      ["objects", read, "allowed"],
      ["objects", missing, "AccessDenied"],
      ["objects", list, "AccessDenied"],
      ["list", missing, "NoSuchKey"],
      ["list", list, "allowed"],
      ["list", write, "AccessDenied"],
      ["none", read, "AccessDenied"],
      ["closed", new PutObjectCommand({ Bucket: "locked", Key: "a", Body: "a" }), "allowed"],
      ["closed", new GetObjectCommand({ Bucket: "locked", Key: "a" }), "AccessDenied"],
    ];
    for (const [role, command, expected] of rows) {
      assert.equal(await inBucket(role, command), expected, `${role} ${command.constructor.name}`);
    }
    const wrong = { ...settings("objects", objects.url), credentials: operator("").credentials, forcePathStyle: true };
    const forged = { ...wrong, credentials: { accessKeyId: "local", secretAccessKey: "another" } };
    assert.equal(await outcome(new S3Client(forged).send(read)), "SignatureDoesNotMatch");
  });

  it("read a secret only with the permission, and write none", async () => {
    const secrets = (role: string) => new SecretsManagerClient(settings(role, aws.url));
    const write = new PutSecretValueCommand({ SecretId: "secret", SecretString: "s" });
    await new SecretsManagerClient(operator(aws.url)).send(write);
    const read = new GetSecretValueCommand({ SecretId: "secret" });
    assert.equal(await outcome(secrets("secret").send(read)), "allowed");
    assert.equal(await outcome(secrets("none").send(read)), "AccessDeniedException");
    assert.equal(await outcome(secrets("secret").send(write)), "AccessDeniedException");
  });

  it("find the instances of the services that a condition names", async () => {
    const ask = (role: string, ServiceName: string) => {
      const client = new ServiceDiscoveryClient({ ...settings(role, cloudMap.url), disableHostPrefix: true });
      return outcome(client.send(new DiscoverInstancesCommand({ NamespaceName: "internal", ServiceName })));
    };
    assert.equal(await ask("discover", "shop"), "allowed");
    assert.equal(await ask("discover", "bank"), "AccessDeniedException");
    assert.equal(await ask("none", "shop"), "AccessDeniedException");
  });

  it("are told who they are", async () => {
    const { Arn } = await new STSClient(settings("none", aws.url)).send(new GetCallerIdentityCommand({}));
    assert.equal(Arn, `arn:aws:sts::${account}:assumed-role/none/local`);
  });
});
