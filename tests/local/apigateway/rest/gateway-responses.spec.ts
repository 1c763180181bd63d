import assert from "node:assert/strict";
import { gatewayResponses } from "../../../../infra/gateway/rest/gateway-responses";
import { runningRest, stopGateways } from "./helpers/running";

const resources = { "/a": { GET: { type: "MOCK" } } } as const;

describe("REST gateway: answers of its own", () => {
  afterEach(stopGateways);

  it("fill variables with and without braces, and nothing else", async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of API Gateway
    const template = '{"m":$context.error.messageString,"s":"${context.stage}","n":"$context.nothing","d":"$5"}';
    const { get } = await runningRest({
      resources,
      gatewayResponses: { DEFAULT_4XX: { responseTemplates: { "application/json": template } } },
    });
    const { text } = await get("/b");
    assert.deepEqual(JSON.parse(text), { m: "Missing Authentication Token", s: "test", n: "", d: "$5" });
  });

  it("cannot be broken by what a client sends", async () => {
    const template = '{"path":"$context.path","agent":"$context.identity.userAgent"}';
    const { get } = await runningRest({
      resources,
      gatewayResponses: { DEFAULT_4XX: { responseTemplates: { "application/json": template } } },
    });
    const { text } = await get("/b%22,%22x", { "user-agent": '","x":"y\\' });
    assert.deepEqual(JSON.parse(text), { path: "/test/b%22,%22x", agent: '","x":"y\\' });
  });

  it("take a status from the default's settings, and a header from the request", async () => {
    const settings = {
      statusCode: "418",
      responseParameters: {
        "gatewayresponse.header.x-origin": "method.request.header.origin",
        "gatewayresponse.header.x-text": "'a text'",
        "gatewayresponse.header.x-none": "method.request.header.nothing",
      },
    };
    const { get } = await runningRest({ resources, gatewayResponses: { DEFAULT_4XX: settings } });
    const { status, headers } = await get("/b", { origin: "https://app.example.com" });
    assert.equal(status, 418);
    assert.equal(headers.get("x-origin"), "https://app.example.com");
    assert.equal(headers.get("x-text"), "a text");
    assert.equal(headers.has("x-none"), false);
  });

  it("can be read by a browser of every origin that the program allows, and never with credentials", async () => {
    const origins = ["https://app.example.com", "https://admin.example.com"];
    for (const allowed of [origins.slice(0, 1), origins]) {
      const { get } = await runningRest({ resources, gatewayResponses: gatewayResponses(allowed) });
      for (const origin of allowed) {
        const { status, headers } = await get("/b", { origin });
        assert.equal(status, 403);
        assert.ok(["*", origin].includes(headers.get("access-control-allow-origin") ?? "none"), origin);
        assert.equal(headers.has("access-control-allow-credentials"), false);
      }
    }
    const { get } = await runningRest({ resources, gatewayResponses: gatewayResponses(origins.slice(0, 1)) });
    const other = await get("/b", { origin: "https://other.example.com" });
    assert.equal(other.headers.get("access-control-allow-origin"), "https://app.example.com");
  });
});
