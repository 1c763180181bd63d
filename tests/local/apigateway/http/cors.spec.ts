import assert from "node:assert/strict";
import { recorder, running, serve, stopAll, viaBalancer } from "./helpers/running";

const origin = "https://app.example.com";
const corsConfiguration = {
  allowOrigins: [origin, "http://localhost:3000"],
  allowMethods: ["GET", "PUT"],
  allowHeaders: ["authorization", "content-type"],
  exposeHeaders: ["apigw-requestid"],
  maxAge: 600,
};
const plan = { api: { corsConfiguration }, routes: [{ key: "GET /a" }, { key: "PUT /a", scopes: ["s/write"] }] };
const corsOf = (headers: Record<string, any>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("access-control-") || name === "vary"));

describe("gateway: CORS", () => {
  afterEach(stopAll);

  it("answers a preflight itself with 204, without a route or a token", async () => {
    const { origin: backend, received } = await recorder();
    const gateway = await running(plan, viaBalancer(backend));
    const headers = { origin, "access-control-request-method": "PUT" };
    for (const path of ["/a", "/nowhere"]) {
      const answer = await gateway.send("OPTIONS", path, { headers });
      assert.deepEqual([answer.status, answer.text], [204, ""]);
      assert.equal(answer.headers["keep-alive"], undefined);
      assert.deepEqual(corsOf(answer.headers), {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "GET,PUT",
        "access-control-allow-headers": "authorization,content-type",
        "access-control-expose-headers": "apigw-requestid",
        "access-control-max-age": "600",
        vary: "Origin",
      });
    }
    assert.equal(received.length, 0);
  });

  for (const stranger of [
    "null",
    "https://app.example.com.evil.example",
    "https://evil-app.example.com",
    "https://app.example.com:8443",
    "http://app.example.com",
    "https://APP.example.com",
    "*",
  ]) {
    it(`allows nothing to ${stranger}`, async () => {
      const { origin: backend } = await recorder();
      const gateway = await running(plan, viaBalancer(backend));
      const headers = { origin: stranger, "access-control-request-method": "PUT" };
      assert.deepEqual(corsOf((await gateway.send("OPTIONS", "/a", { headers })).headers), { vary: "Origin" });
      assert.deepEqual(corsOf((await gateway.get("/a", { origin: stranger })).headers), { vary: "Origin" });
    });
  }

  it("allows every origin of a scheme, by name", async () => {
    const { origin: backend } = await recorder();
    const any = { corsConfiguration: { allowOrigins: ["https://*", "http://localhost:3000"], allowCredentials: true } };
    const gateway = await running({ ...plan, api: any }, viaBalancer(backend));
    const allowed = async (from: string) =>
      (await gateway.get("/a", { origin: from })).headers["access-control-allow-origin"];
    assert.equal(await allowed("https://any.example.com"), "https://any.example.com");
    assert.equal(await allowed("http://localhost:3000"), "http://localhost:3000");
    for (const other of ["http://any.example.com", "null", "app://https://x"]) {
      assert.equal(await allowed(other), undefined);
    }
  });

  it("replaces the backend's own CORS headers", async () => {
    const { origin: backend } = await serve((_req, res) => {
      res
        .writeHead(200, { "access-control-allow-origin": "*", "access-control-allow-credentials": "true", etag: "1" })
        .end();
    });
    const gateway = await running(plan, viaBalancer(backend));
    const { headers } = await gateway.get("/a", { origin });
    assert.equal(headers["access-control-allow-origin"], origin);
    assert.equal(headers["access-control-allow-credentials"], undefined);
    assert.equal(headers["etag"], "1");
  });

  it("lets a browser read refusals too", async () => {
    const gateway = await running(plan);
    const { status, headers } = await gateway.send("PUT", "/a", { headers: { origin } });
    assert.deepEqual([status, headers["access-control-allow-origin"]], [401, origin]);
  });

  it("leaves OPTIONS and the backend's headers alone where no CORS is planned", async () => {
    const { origin: backend } = await serve(
      (_req, res) => void res.writeHead(200, { "access-control-allow-origin": "*" }).end(),
    );
    const gateway = await running({ routes: [{ key: "GET /a" }] }, viaBalancer(backend));
    const headers = { origin, "access-control-request-method": "GET" };
    assert.equal((await gateway.send("OPTIONS", "/a", { headers })).status, 404);
    assert.equal((await gateway.get("/a", { origin })).headers["access-control-allow-origin"], "*");
  });

  it("routes an OPTIONS request that is no preflight", async () => {
    const gateway = await running(plan);
    assert.equal((await gateway.send("OPTIONS", "/a", { headers: { origin } })).status, 404);
  });
});
