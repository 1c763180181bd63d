import { execFile, fork } from "node:child_process";
import { createVerify, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, createServer, type RequestListener, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import { deflateRawSync } from "node:zlib";
import { poolVerifier } from "../apps/authorizer/pool-token";
import { createTokenVerifier } from "../apps/authorizer/token";
import { bundle } from "../apps/bundle";
import { projectRoot } from "../graph/project-root";

/**
 * What the platform's own functions add to a request, in one run: a token that was not seen before, the whole authorizer,
 * the forwarder next to the direct path, and the cold start and the size of each built function. `npx ts-node
 * bench/functions.ts [requests]`. Exits with 1 when one is over its limit.
 */
const limits = { tokenMicroseconds: 40, authorizerMicroseconds: 150, forwarderMilliseconds: 3, kilobytes: 200 };
const names = ["authorizer", "forwarder", "identity-triggers"] as const;
const issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123";
const clientId = "1example23456789";
const starts = 7;
const batches = 24;

if (process.send) void runServer();
else void main(Number(process.argv[2] ?? 3_000));

async function main(count: number): Promise<void> {
  const artifacts = await bundle(names);
  const fileOf = (name: (typeof names)[number]) => join(projectRoot, artifacts[name]!.directory, "handler.cjs");
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" };
  const jwksUrl = await serve((_req, res) => res.end(JSON.stringify({ keys: [jwk] })));
  const settings = await environment(jwksUrl);
  Object.assign(process.env, settings);
  const results = [
    await verification(count, { privateKey, publicKey, jwksUrl }),
    await authorizer(count, { privateKey, handler: require(fileOf("authorizer")).handler }),
    await forwarder(count, fileOf("forwarder")),
  ];
  Object.assign(settings, { AWS_ENDPOINT_URL_SERVICEDISCOVERY: process.env["AWS_ENDPOINT_URL_SERVICEDISCOVERY"] });
  const [token] = tokens(1, privateKey);
  for (const name of names) results.push(await coldStart(name, fileOf(name), firstEvents(token!)[name], settings));
  process.exit(results.every(Boolean) ? 0 : 1);
}

/** Values of all variables of the three functions, with endpoints in this process. */
async function environment(jwksUrl: string): Promise<Record<string, string>> {
  const key = Buffer.alloc(32, 1).toString("base64url");
  const SecretString = JSON.stringify({ current: "1", keys: { "1": key } });
  const Item = { id: { S: "user-1" }, tenant: { S: "acme" }, tier: { S: "free" } };
  const aws = await serve((req, res) => {
    const isTable = String(req.headers["x-amz-target"]).startsWith("DynamoDB");
    res.setHeader("content-type", `application/x-amz-json-1.${isTable ? 0 : 1}`);
    res.end(JSON.stringify(isTable ? { Item } : { SecretString }));
  });
  return {
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    AWS_ENDPOINT_URL: aws,
    ISSUER: issuer,
    JWKS_URL: jwksUrl,
    CLIENT_IDS: clientId,
    TENANT_SECRET_ID: "tenants",
    ROUTES: JSON.stringify({ "": Array.from({ length: 20 }, (_, i) => `GET /service-${i}/items/{id}`) }),
    MEMBERS_TABLE: "members",
    TARGETS: JSON.stringify({ "service-1": { namespace: "dev.internal", service: "service-1" } }),
    ADDRESS_RANGES: "127.0.0.0/8",
  };
}

async function verification(
  count: number,
  { privateKey, publicKey, jwksUrl }: Record<"privateKey" | "publicKey", KeyObject> & { readonly jwksUrl: string },
): Promise<boolean> {
  const pool = poolVerifier({ issuer, jwksUrl, clientIds: [clientId], audiences: [], onFailure: console.error });
  const verify = createTokenVerifier([pool]);
  const microseconds = await timed(tokens(2 * count, privateKey), async (token) => {
    if ((await verify(token)) === undefined) throw new Error("a valid token was refused");
  });
  const signature = await timed(tokens(2 * count, privateKey), async (token) => {
    const end = token.lastIndexOf(".");
    const check = createVerify("RSA-SHA256").update(token.slice(0, end));
    if (!check.verify(publicKey, token.slice(end + 1), "base64url")) throw new Error("a valid signature was refused");
  });
  console.log(`its signature alone: ${signature.toFixed(0)} us`);
  return report("a token not seen before", microseconds, limits.tokenMicroseconds, "us");
}

type Handler = (event: unknown, context?: unknown) => Promise<any>;

async function authorizer(
  count: number,
  { privateKey, handler }: { readonly privateKey: KeyObject; readonly handler: Handler },
): Promise<boolean> {
  const microseconds = await timed(tokens(2 * count, privateKey), async (token) => {
    const { usageIdentifierKey } = await handler(authorizerEvent(token));
    if (usageIdentifierKey === undefined) throw new Error("a valid token was refused");
  });
  return report("the whole authorizer", microseconds, limits.authorizerMicroseconds, "us");
}

function authorizerEvent(token: string): object {
  const methodArn = "arn:aws:execute-api:eu-west-1:123456789012:abc123def4/live/GET/service-1/items/1";
  const headers = { Accept: "*/*", Authorization: `Bearer ${token}`, Host: "rest.example.com" };
  return { type: "REQUEST", methodArn, headers };
}

/** Sends each request to the server directly and through the forwarder, in turn. */
async function forwarder(count: number, file: string): Promise<boolean> {
  const server = fork(__filename, [], { execArgv: ["-r", "ts-node/register/transpile-only"] });
  const [port] = (await once(server, "message")) as [number];
  const cloudMap = await serve((_req, res) => {
    const Attributes = { AWS_INSTANCE_IPV4: "127.0.0.1", AWS_INSTANCE_PORT: String(port) };
    res.setHeader("content-type", "application/x-amz-json-1.1");
    res.end(JSON.stringify({ Instances: [{ InstanceId: "1", Attributes }] }));
  });
  process.env["AWS_ENDPOINT_URL_SERVICEDISCOVERY"] = cloudMap;
  const { handler } = require(file) as { readonly handler: Handler };
  const agent = new Agent({ keepAlive: true });
  const direct: number[] = [];
  const forwarded: number[] = [];
  for (let i = 0; i < count; i++) {
    direct.push(await microsecondsOf(() => get(agent, port)));
    forwarded.push(
      await microsecondsOf(async () => {
        const { statusCode } = await handler(forwarderEvent, { getRemainingTimeInMillis: () => 12_000 });
        if (statusCode !== 200) throw new Error(`status ${statusCode}`);
      }),
    );
  }
  const [one, other] = [median(direct) / 1_000, median(forwarded) / 1_000];
  console.log(`direct ${one.toFixed(2)} ms, forwarded ${other.toFixed(2)} ms at the median of ${count}`);
  return report("the forwarder adds", other - one, limits.forwarderMilliseconds, "ms");
}

const forwarderEvent = {
  resource: "/service-1/items/{id}",
  path: "/service-1/items/1",
  httpMethod: "GET",
  multiValueHeaders: { Host: ["rest.example.com"], Accept: ["application/json"], Authorization: ["Bearer x"] },
  multiValueQueryStringParameters: { page: ["1"] },
  body: null,
  isBase64Encoded: false,
  requestContext: { requestId: "1", identity: { sourceIp: "192.0.2.1" }, authorizer: { tenant: "acme" } },
};

async function get(agent: Agent, port: number): Promise<void> {
  const call = request({ agent, host: "127.0.0.1", port, path: "/service-1/items/1?page=1" }).end();
  const [answer] = await once(call, "response");
  for await (const _ of answer);
}

async function runServer(): Promise<void> {
  process.once("disconnect", () => process.exit());
  const body = JSON.stringify({ id: "1", name: "Crunchy bites" });
  const url = await serve((_req, res) => res.setHeader("content-type", "application/json").end(body));
  process.send!(Number(new URL(url).port));
}

function tokens(count: number, privateKey: KeyObject): string[] {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = encoded({ alg: "RS256", kid: "1" });
  const iat = Math.floor(Date.now() / 1_000);
  return Array.from({ length: count }, (_, i) => {
    const identity = { sub: `user-${i}`, iss: issuer, client_id: clientId, token_use: "access", username: "ann" };
    const claims = { ...identity, scope: "openid", iat, exp: iat + 3_600, tenant_id: `tenant-${i}`, tier: "free" };
    const input = `${header}.${encoded(claims)}`;
    return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
  });
}

/**
 * Runs for each value in turn, in batches. The first four warm up.
 * @returns microseconds of a run, the median of the batch that other processes of the machine disturbed least
 */
async function timed<T>(values: readonly T[], run: (value: T) => Promise<void>): Promise<number> {
  const medians: number[] = [];
  const size = Math.ceil(values.length / batches);
  for (let from = 0; from < values.length; from += size) {
    const measured: number[] = [];
    for (const value of values.slice(from, from + size)) measured.push(await microsecondsOf(() => run(value)));
    medians.push(median(measured));
  }
  return Math.min(...medians.slice(4));
}

async function microsecondsOf(run: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return (performance.now() - startedAt) * 1_000;
}

/** An event of each function, and what is in the answer to it. */
function firstEvents(token: string): Record<(typeof names)[number], readonly [event: object, answer: RegExp]> {
  const user = { userAttributes: { sub: "user-1" }, groupConfiguration: {}, scopes: ["openid"] };
  const preToken = { triggerSource: "TokenGeneration_HostedAuth", callerContext: { clientId }, request: user };
  return {
    authorizer: [authorizerEvent(token), /"usageIdentifierKey"/],
    forwarder: [forwarderEvent, /"statusCode":200/],
    "identity-triggers": [preToken, /"tenant_id":"acme"/],
  };
}

/**
 * Measures a cold start: a process of its own loads the built function and answers a first event, for which it asks for
 * keys, secret, servers or row. Lambda adds the start of the execution environment and of Node.js.
 */
async function coldStart(
  name: string,
  file: string,
  [event, expected]: readonly [object, RegExp],
  settings: Readonly<Record<string, string>>,
): Promise<boolean> {
  const env = { PATH: process.env["PATH"] ?? "", ...settings };
  const script = `const started = performance.now();
    const app = require(${JSON.stringify(file)});
    const handler = app.handler ?? app.preTokenGeneration;
    const loaded = performance.now();
    handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 12_000 }).then((answer) => {
      console.log(JSON.stringify({ load: loaded - started, whole: performance.now() - started, answer }));
      process.exit();
    });`;
  const measured: { readonly load: number; readonly whole: number }[] = [];
  for (let i = 0; i < starts; i++) {
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { env });
    if (!expected.test(stdout)) throw new Error(`${name} answered ${stdout}`);
    measured.push(JSON.parse(stdout));
  }
  const of = (key: "load" | "whole") => median(measured.map((each) => each[key])).toFixed(0);
  const kilobytes = deflateRawSync(readFileSync(file)).length / 1_024;
  console.log(`${name}: cold start ${of("whole")} ms, of which loading ${of("load")} ms, at the median of ${starts}`);
  return report(`${name}, zipped`, kilobytes, limits.kilobytes, "KB");
}

function report(what: string, value: number, limit: number, unit: string): boolean {
  console.log(`${what}: ${value.toFixed(unit === "ms" ? 2 : 0)} ${unit}, limit ${limit} ${unit}`);
  return value <= limit;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
