import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { bundle } from "../../apps/bundle";
import { tenantKey } from "../../apps/kit/tenant";
import { projectRoot } from "../../graph/project-root";
import { contextOf, HttpResponseStream, ResponseStream, restEvent } from "./forwarder/helpers";
import { loadBundle } from "./helpers/bundles";
import { storageEnvironment } from "./helpers/dynamo";
import { accessToken, clientId, issuer, jwksOf, signingKey } from "./helpers/tokens";

/** Bytes that a zip file has for each entry, in addition to its contents and twice its name. */
const zipOverhead = 30 + 46;

describe("bundles of the platform's functions", () => {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  /** An AWS endpoint of JSON protocols: answers by operation, counts calls. */
  async function awsEndpoint(answers: Readonly<Record<string, (input: any) => object>>) {
    const calls: string[] = [];
    const url = await serve(async (req, res) => {
      let body = "";
      for await (const chunk of req) body += chunk;
      const operation = String(req.headers["x-amz-target"]).split(".")[1]!;
      calls.push(operation);
      const answer = answers[operation]?.(JSON.parse(body));
      if (answer === undefined) res.writeHead(400).end(JSON.stringify({ __type: "AccessDeniedException" }));
      else res.setHeader("content-type", "application/x-amz-json-1.1").end(JSON.stringify(answer));
    });
    return { url, calls };
  }

  it("are one file, at most 200 KB zipped", async () => {
    for (const name of ["authorizer", "forwarder", "identity-triggers"]) {
      const { [name]: artifact } = await bundle([name]);
      const folder = join(projectRoot, artifact!.directory);
      assert.deepEqual(readdirSync(folder), ["handler.cjs"]);
      const contents = readFileSync(join(folder, "handler.cjs"));
      const zipped = deflateRawSync(contents).length + zipOverhead + 2 * "handler.cjs".length;
      assert.ok(zipped <= 200 * 1_024, `${name}: ${zipped} bytes`);
    }
  });

  it("of the authorizer reads the issuer's keys and the tenants' secret, once", async () => {
    const key = signingKey("key-1");
    let fetches = 0;
    const jwks = await serve((_req, res) => {
      fetches += 1;
      res.end(JSON.stringify(jwksOf(key)));
    });
    const secret = Buffer.alloc(32, 7);
    const SecretString = JSON.stringify({ current: "1", keys: { "1": secret.toString("base64url") } });
    const secretId = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:tenants-AbCdEf";
    const aws = await awsEndpoint({
      GetSecretValue: ({ SecretId }) => {
        assert.equal(SecretId, secretId);
        return { SecretString };
      },
    });
    const { handler } = await loadBundle("authorizer", {
      ...storageEnvironment(aws.url),
      AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
      ISSUER: issuer,
      JWKS_URL: `${jwks}/keys`,
      CLIENT_IDS: `other,${clientId}`,
      TENANT_SECRET_ID: secretId,
      ROUTES: JSON.stringify({ "": ["GET /shipping/shipments"] }),
    });
    const methodArn = "arn:aws:execute-api:eu-west-1:123456789012:abc123def4/live/GET/shipping/shipments";
    const event = () => ({ type: "REQUEST", methodArn, headers: { Authorization: `Bearer ${accessToken(key)}` } });
    for (let i = 0; i < 3; i++) {
      const { context, usageIdentifierKey } = await handler(event());
      assert.deepEqual(
        [context.tenant, usageIdentifierKey],
        ["acme", tenantKey(secret, { tenant: "acme", tier: "free" })],
      );
    }
    assert.deepEqual([fetches, aws.calls], [1, ["GetSecretValue"]]);
    await assert.rejects(handler({ methodArn, headers: { Authorization: "Bearer a.b.c" } }), {
      message: "Unauthorized",
    });
  });

  it("of the authorizer answers 401 within 9 s, Lambda's limit, when neither keys nor secret arrive", async function () {
    this.timeout(15_000);
    const silent = await serve(() => {});
    const key = signingKey("key-1");
    const jwks = await serve((_req, res) => res.end(JSON.stringify(jwksOf(key))));
    for (const url of [silent, jwks]) {
      const { handler, lines } = await loadBundle("authorizer", {
        ...storageEnvironment(silent),
        AWS_ENDPOINT_URL_SECRETS_MANAGER: silent,
        ISSUER: issuer,
        JWKS_URL: url,
        CLIENT_IDS: clientId,
        TENANT_SECRET_ID: "tenants",
        ROUTES: JSON.stringify({ "": ["GET /a"] }),
      });
      const methodArn = "arn:aws:execute-api:eu-west-1:123456789012:abc123def4/live/GET/a";
      const started = performance.now();
      await assert.rejects(handler({ methodArn, headers: { Authorization: `Bearer ${accessToken(key)}` } }), {
        message: "Unauthorized",
      });
      const ms = performance.now() - started;
      // The other wait, of at most 2 s, comes on top in the worst case.
      assert.ok(ms < 6_000, `${ms} ms`);
      assert.match(lines(), url === silent ? /keys did not arrive/ : /secret could not be read/);
    }
  });

  it("of the forwarder discovers healthy servers by namespace and name, and sends them requests", async () => {
    const server = await serve((req, res) => res.end(JSON.stringify([req.url, req.headers["x-amzn-trace-id"]])));
    const asked: unknown[] = [];
    const aws = await awsEndpoint({
      DiscoverInstances: (input) => {
        asked.push(input);
        const Attributes = { AWS_INSTANCE_IPV4: "127.0.0.1", AWS_INSTANCE_PORT: new URL(server).port };
        return { Instances: [{ InstanceId: "1", HealthStatus: "HEALTHY", Attributes }], InstancesRevision: 1 };
      },
    });
    const runtime = { streamifyResponse: <T>(handler: T) => handler, HttpResponseStream };
    Object.assign(globalThis, { awslambda: runtime });
    try {
      const { handler, streamingHandler } = await loadBundle("forwarder", {
        ...storageEnvironment(aws.url),
        AWS_ENDPOINT_URL_SERVICEDISCOVERY: aws.url,
        TARGETS: JSON.stringify({ "food-store": { namespace: "dev.internal", service: "foods" } }),
        ADDRESS_RANGES: "127.0.0.0/8",
        _X_AMZN_TRACE_ID: "Root=1-1",
      });
      const answer = await handler(restEvent(), contextOf(5_000));
      assert.deepEqual([answer.statusCode, answer.body], [200, '["/food-store/foods/1","Root=1-1"]']);
      const stream = new ResponseStream();
      await streamingHandler!(restEvent(), stream, contextOf(5_000));
      assert.equal(stream.answer.body.toString(), answer.body);
      const query = { NamespaceName: "dev.internal", ServiceName: "foods", HealthStatus: "HEALTHY", MaxResults: 1_000 };
      assert.deepEqual(asked, [query]);
    } finally {
      Reflect.deleteProperty(globalThis, "awslambda");
    }
  });

  it("of the forwarder answers 503 within Lambda's limit when Cloud Map does not answer or refuses", async () => {
    const silent = await serve(() => {});
    const refusing = await awsEndpoint({});
    for (const url of [silent, refusing.url]) {
      const { handler, lines } = await loadBundle("forwarder", {
        ...storageEnvironment(url),
        AWS_ENDPOINT_URL_SERVICEDISCOVERY: url,
        TARGETS: JSON.stringify({ "food-store": { namespace: "dev.internal", service: "foods" } }),
        ADDRESS_RANGES: "10.0.0.0/16",
      });
      const started = performance.now();
      assert.equal((await handler(restEvent(), contextOf(10_000))).statusCode, 503);
      assert.ok(performance.now() - started < 5_000);
      assert.match(lines(), /discovery failed: foods/);
    }
  });

  it("name the variable that is missing", async () => {
    for (const [name, variable] of [
      ["authorizer", "ISSUER"],
      ["forwarder", "TARGETS"],
    ] as const) {
      const message = `${name}: ${variable} is missing; set the environment variable ${variable}`;
      await assert.rejects(loadBundle(name, {}), { message });
    }
  });
});
