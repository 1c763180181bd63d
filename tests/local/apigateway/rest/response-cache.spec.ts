import assert from "node:assert/strict";
import { runningRest, stopGateways } from "./helpers/running";

const allow = { Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }] };
const cached = { cacheClusterEnabled: true, cacheClusterSize: "0.5" } as const;
const tenantHeader = { "integration.request.header.x-tenant": "context.authorizer.tenant" };

function api(cacheKeyParameters: readonly string[]) {
  return {
    resources: {
      "/a/{id}": {
        GET: { auth: "authorizer", integration: { requestParameters: tenantHeader, cacheKeyParameters } },
        PUT: { auth: "authorizer" },
      },
    },
    authorizer: { type: "REQUEST", identitySource: "method.request.header.Authorization", ttl: 60 },
    stageArgs: cached,
  } as const;
}

const tenantKey = ["integration.request.header.x-tenant", "method.request.path.id"];

async function running(keyParameters: readonly string[], clock?: any) {
  const gateway = await runningRest(api(keyParameters), clock ? { clock } : {});
  const tenantOf = (headers: any) => headers.authorization ?? headers.Authorization;
  gateway.compute.authorize = ({ headers }) => {
    const tenant = tenantOf(headers);
    return { principalId: tenant, policyDocument: allow, context: { tenant } };
  };
  gateway.compute.result = ({ requestContext, path }) => ({
    statusCode: 200,
    body: `${requestContext.authorizer.tenant} ${path}`,
  });
  return gateway;
}

describe("REST gateway: cache", () => {
  afterEach(stopGateways);

  it("never gives a tenant's answer to another, in 1,000 random requests of 5 tenants", async () => {
    const { get, compute } = await running(tenantKey);
    const wrong: string[] = [];
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let i = 0; i < 1_000; i++) {
      const tenant = `tenant-${random(5)}`;
      const path = `/a/${random(7)}`;
      const { text } = await get(path, { authorization: tenant });
      if (text !== `${tenant} ${path}`) wrong.push(text);
    }
    assert.deepEqual(wrong, []);
    assert.equal(compute.events.length, 35);
  }).timeout(20_000);

  it("gives one tenant's answer to another where the tenant is no part of the key, as on AWS", async () => {
    const { get } = await running([]);
    assert.equal((await get("/a/1", { authorization: "one" })).text, "one /a/1");
    assert.equal((await get("/a/2", { authorization: "two" })).text, "one /a/1");
  });

  it("keeps an answer for its seconds, and no method but GET", async () => {
    const time = { now: 0 };
    const { get, send, compute } = await running(tenantKey, { wall: () => time.now, monotonic: () => time.now });
    const headers = { authorization: "one" };
    await get("/a/1", headers);
    time.now = 299_999;
    await get("/a/1", headers);
    assert.equal(compute.events.length, 1);
    time.now = 300_000;
    await get("/a/1", headers);
    assert.equal(compute.events.length, 2);
    for (let i = 0; i < 2; i++) await send("/a/1", { method: "PUT", headers });
    assert.equal(compute.events.length, 4);
  });

  it("is not emptied by a client without permission", async () => {
    const { get, compute } = await running(tenantKey);
    await get("/a/1", { authorization: "one" });
    const { headers } = await get("/a/1", { authorization: "one", "cache-control": "max-age=0" });
    assert.equal(compute.events.length, 1);
    assert.match(headers.get("warning") ?? "", /^199 /);
  });
});
