import assert from "node:assert/strict";
import { pythonApp } from "./helpers/python-apps";
import { MemoryItems, samples } from "./helpers/services";

interface Result {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const sample = samples.find(({ language }) => language === "python")!;
const path = `${sample.collection}/a-1`;
const type = { "content-type": "application/json" };

/** Payload 2.0, as an HTTP API sends it. */
function event(method: string, rawPath: string, more: object = {}, context: object = {}): object {
  const http = { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" };
  return {
    ...{ version: "2.0", routeKey: "$default", rawPath, rawQueryString: "", headers: { host: "api.example.com" } },
    requestContext: { stage: "$default", requestId: "gateway-1", domainName: "api.example.com", http, ...context },
    ...{ isBase64Encoded: false, ...more },
  };
}

function restEvent(httpMethod: string, restPath: string, more: object = {}): object {
  return {
    ...{ resource: `/${sample.name}/reviews/{id}`, path: restPath, httpMethod, headers: null, multiValueHeaders: null },
    ...{ queryStringParameters: null, multiValueQueryStringParameters: null, body: null, isBase64Encoded: false },
    requestContext: { stage: "prod", requestId: "rest-1", domainName: "api.example.com" },
    ...more,
  };
}

describe("the Lambda function of a service in Python", () => {
  const service = () => {
    const items = new MemoryItems();
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const app = pythonApp(sample.name, { items, level: "info", requestTimeoutSeconds: 10, write });
    return { invoke: async (each: object) => (await app.invoke(each)) as Result, items, lines };
  };
  const body = JSON.stringify({ ...sample.body, author: "Köhler" });

  it("writes and reads with payload 2.0, body as text or base64", async () => {
    const { invoke, items } = service();
    const text = await invoke(event("PUT", path, { headers: type, body }));
    const encoded = Buffer.from(body).toString("base64");
    const base64 = await invoke(event("PUT", path, { headers: type, body: encoded, isBase64Encoded: true }));
    assert.deepEqual([text.statusCode, base64.statusCode, base64.isBase64Encoded], [200, 200, false]);
    assert.deepEqual(JSON.parse(base64.body), { ...JSON.parse(body), id: "a-1" });
    assert.equal(text.headers["x-request-id"], "gateway-1");
    assert.equal((await invoke(event("GET", path))).body, base64.body);
    assert.equal(items.items.size, 1);
  });

  it("serves events of a REST API, with the base path of its name, and its query", async () => {
    const { invoke } = service();
    const multiValueHeaders = { "Content-Type": [type["content-type"]] };
    const put = await invoke(restEvent("PUT", `/v2${path}`, { body, multiValueHeaders }));
    assert.equal(put.statusCode, 200);
    const query = { product: [String(sample.body["product"])], limit: ["1"] };
    const resource = sample.collection;
    const list = await invoke(restEvent("GET", resource, { resource, multiValueQueryStringParameters: query }));
    assert.deepEqual(JSON.parse(list.body), { items: [{ ...JSON.parse(body), id: "a-1" }] });
  });

  it("encodes the decoded path of payload 2.0 again, and takes the stage off it", async () => {
    const { invoke } = service();
    for (const hostile of ["a?b", "a%2e", "a b", "caf\u00e9"]) {
      const refused = await invoke(event("GET", `${sample.collection}/${hostile}`));
      assert.deepEqual([refused.statusCode, JSON.parse(refused.body).code], [400, "invalid_id"], hostile);
    }
    const staged = await invoke(event("GET", `/prod${path}`, {}, { stage: "prod" }));
    assert.equal(JSON.parse(staged.body).code, "not_found");
  });

  it("refuses base64 that is none, as bytes that are not JSON", async () => {
    const { invoke } = service();
    const refused = await invoke(event("PUT", path, { headers: type, body: "A", isBase64Encoded: true }));
    assert.deepEqual([refused.statusCode, JSON.parse(refused.body).code], [400, "invalid_json"]);
  });

  it("logs whose token the gateway has verified, from the event and from no header", async () => {
    const { invoke, lines } = service();
    const authorizer = { jwt: { claims: { sub: "user-1" } } };
    const headers = { ...type, "x-subject": "forged" };
    await invoke(event("PUT", path, { headers, body }, { authorizer }));
    await invoke(event("PUT", path, { headers, body }));
    await invoke(event("GET", path, { headers }, { authorizer }));
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).subject),
      ["user-1", undefined, undefined],
    );
  });

  it("runs a schedule's request, and fails unless it is answered with 2xx", async () => {
    const { invoke } = service();
    const schedule = (where: string) => ({ schedule: { id: "hourly", method: "GET", path: where, run: "run-1" } });
    assert.deepEqual(await invoke(schedule(`/${sample.name}/healthz`)), { status: 200 });
    await assert.rejects(invoke(schedule(path)), { message: `schedule hourly: GET ${path} must answer 2xx, got 404` });
  });
});
