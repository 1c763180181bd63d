import assert from "node:assert/strict";
import { createApp } from "../../apps/food-store/app";
import { eventHandler, lambdaHandlers } from "../../apps/kit/lambda";
import type { LambdaEvent } from "../../apps/kit/lambda-event";
import { harness, samples } from "./helpers/services";

interface Result {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const food = samples[0]!;
const path = "/food-store/foods/a-1";
const type = { "content-type": "application/json" };

/** Payload 2.0, as an HTTP API sends it: absent fields are absent. */
function event(method: string, rawPath: string, more: object = {}): LambdaEvent {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString: "",
    headers: { host: "api.example.com" },
    requestContext: {
      stage: "$default",
      requestId: "JKJaXmPLvHcESHA=",
      domainName: "api.example.com",
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
    },
    isBase64Encoded: false,
    ...more,
  } as LambdaEvent;
}

function restEvent(httpMethod: string, restPath: string, more: object = {}): LambdaEvent {
  return {
    resource: "/{proxy+}",
    path: restPath,
    httpMethod,
    headers: { Host: "api.example.com" },
    multiValueHeaders: { Host: ["api.example.com"] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    body: null,
    requestContext: { stage: "prod", requestId: "rest-1", domainName: "api.example.com" },
    isBase64Encoded: false,
    ...more,
  } as LambdaEvent;
}

describe("Lambda handler", () => {
  const service = () => {
    const { app, items, lines } = harness(food);
    const handler = eventHandler(app);
    const invoke = async (input: LambdaEvent) => (await handler(input)) as Result;
    return { invoke, items, lines };
  };

  it("writes and reads with payload 2.0, body as text or base64", async () => {
    const { invoke, items } = service();
    const body = JSON.stringify({ ...food.body, name: "Köfte" });
    const text = await invoke(event("PUT", path, { headers: type, body }));
    const encoded = Buffer.from(body).toString("base64");
    const base64 = await invoke(event("PUT", path, { headers: type, body: encoded, isBase64Encoded: true }));
    assert.deepEqual([text.statusCode, base64.statusCode, base64.isBase64Encoded], [200, 200, false]);
    assert.deepEqual(JSON.parse(base64.body), { ...food.body, name: "Köfte", id: "a-1" });
    assert.equal(text.body, base64.body);
    const read = await invoke(event("GET", path));
    assert.equal(read.body, base64.body);
    assert.match(read.headers["content-type"]!, /^application\/json/);
    assert.equal(items.items.size, 1);
  });

  it("serves payload 1.0 and REST API events", async () => {
    const { invoke } = service();
    const body = JSON.stringify(food.body);
    const put = await invoke(
      restEvent("PUT", path, { body, multiValueHeaders: { "Content-Type": [type["content-type"]] } }),
    );
    assert.equal(put.statusCode, 200, put.body);
    const query = { multiValueQueryStringParameters: { category: ["fruit"] } };
    const list = await invoke(restEvent("GET", "/food-store/foods", query));
    assert.equal(JSON.parse(list.body).items.length, 1);
  });

  it("passes the query on as it was sent", async () => {
    const { invoke } = service();
    const list = await invoke(event("GET", "/food-store/foods", { rawQueryString: "category=fruit&limit=1" }));
    assert.deepEqual([list.statusCode, list.body], [200, '{"items":[]}']);
  });

  it("takes a named stage off the path", async () => {
    const { invoke } = service();
    const staged = event("GET", "/prod/food-store/healthz");
    const answer = await invoke({ ...staged, requestContext: { ...staged.requestContext, stage: "prod" } });
    assert.equal(answer.statusCode, 200);
  });

  it("reads no syntax into a path that is decoded already", async () => {
    const { invoke, items } = service();
    await invoke(event("PUT", path, { headers: type, body: JSON.stringify(food.body) }));
    for (const id of ["a-1?x=1", "a-1#x", "a-1%20", "a%2d1", "a-1 ", "a\u202e", "\ud800"]) {
      const answer = await invoke(event("GET", `/food-store/foods/${id}`));
      assert.deepEqual([answer.statusCode, JSON.parse(answer.body).code], [400, "invalid_id"], id);
    }
    for (const hostile of ["/food-store/foods/..", "/food-store/x/../foods/a-1", "/food-store/foods/a\\b"]) {
      const answer = await invoke(event("GET", hostile));
      assert.deepEqual([answer.statusCode, JSON.parse(answer.body).code], [400, "invalid_path"], hostile);
    }
    for (const encoded of ["/food-store/foods/%2e%2e", "/food-store/foods/%ff"]) {
      assert.equal((await invoke(restEvent("GET", encoded))).statusCode, 400, encoded);
    }
    assert.equal(items.items.size, 1);
  });

  it("ignores a body on a read", async () => {
    const { invoke } = service();
    for (const read of [event("GET", path, { body: "x" }), restEvent("GET", path, { body: "x" })]) {
      assert.equal((await invoke(read)).statusCode, 404);
    }
  });

  it("answers a body over the limit with 413 and bytes that are not text with 400", async () => {
    const { invoke } = service();
    const large = await invoke(event("PUT", path, { headers: type, body: `"${"x".repeat(262_144)}"` }));
    assert.equal(large.statusCode, 413);
    const binary = { headers: type, body: Buffer.from([0xff, 0xfe]).toString("base64"), isBase64Encoded: true };
    assert.equal((await invoke(event("PUT", path, binary))).statusCode, 400);
    const broken = { headers: type, body: "e30\u0000=!", isBase64Encoded: true };
    assert.equal((await invoke(event("PUT", path, broken))).statusCode, 400);
  });

  it("logs the gateway's request id", async () => {
    const { invoke, lines } = service();
    await invoke(event("GET", path));
    await invoke(restEvent("GET", path));
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).requestId),
      ["JKJaXmPLvHcESHA=", "rest-1"],
    );
  });

  it("answers nothing that a client wrote into a header, as a gateway may keep the answer and give it to others", async () => {
    const { invoke } = service();
    const marked = Object.fromEntries(
      [
        ...["x-request-id", "apigw-requestid", "origin", "referer", "user-agent", "accept-language", "cookie"],
        ...["forwarded", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "x-original-url", "x-tenant-id"],
      ].map((name) => [name, "marked"]),
    );
    const multiple = Object.fromEntries(Object.entries(marked).map(([name, value]) => [name, [value]]));
    for (const input of [
      event("GET", path, { headers: { host: "marked.example.com", ...marked } }),
      restEvent("GET", path, { headers: marked, multiValueHeaders: multiple }),
    ]) {
      assert.doesNotMatch(JSON.stringify(await invoke(input)), /marked/);
    }
  });

  it("fails its initialisation with one sentence when the environment is bad", () => {
    assert.throws(() => lambdaHandlers("food-store", createApp, { AWS_REGION: "eu-central-1" }), {
      message: "food-store: TABLE_NAME is missing; set the environment variable TABLE_NAME",
    });
    assert.throws(() => lambdaHandlers("food-store", createApp, { TABLE_NAME: "foods" }), {
      message: "food-store: AWS_REGION is missing; set the environment variable AWS_REGION",
    });
  });
});
