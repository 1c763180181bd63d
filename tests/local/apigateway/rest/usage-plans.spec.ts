import assert from "node:assert/strict";
import { runningRest, stopGateways } from "./helpers/running";

/** A clock that a test moves; it starts on a Thursday. */
function movedClock() {
  const time = { wall: Date.UTC(2026, 10, 26, 12), monotonic: 0 };
  const clock = { wall: () => time.wall, monotonic: () => time.monotonic };
  const move = (milliseconds: number) => {
    time.wall += milliseconds;
    time.monotonic += milliseconds;
  };
  return { clock, move };
}

const day = 24 * 60 * 60 * 1_000;
const resources = {
  "/a": { GET: { type: "MOCK", apiKeyRequired: true } },
  "/b/{id}": { GET: { type: "MOCK", apiKeyRequired: true } },
} as const;
const keys = [{ value: "key-of-one" }, { value: "key-of-two" }, { value: "off", enabled: false }];

describe("REST gateway: keys and usage plans", () => {
  afterEach(stopGateways);

  it("count each key of a plan by itself", async () => {
    const { clock, move } = movedClock();
    const { get } = await runningRest(
      { resources, keys, plan: { throttle: { rateLimit: 1, burstLimit: 2 } } },
      { clock },
    );
    const statuses = async (key: string) => {
      const list: number[] = [];
      for (let i = 0; i < 3; i++) list.push((await get("/a", { "x-api-key": key })).status);
      return list;
    };
    assert.deepEqual(await statuses("key-of-one"), [200, 200, 429]);
    assert.deepEqual(await statuses("key-of-two"), [200, 200, 429]);
    move(1_000);
    assert.deepEqual(await statuses("key-of-one"), [200, 429, 429]);
  });

  it("limit a key for one method before the whole plan, and leave the other methods open", async () => {
    const { clock } = movedClock();
    const throttles = [{ path: "/b/{id}/GET", rateLimit: 1, burstLimit: 1 }];
    const { get } = await runningRest(
      { resources, keys, plan: { stages: [{ stage: "test", throttles }], throttle: { rateLimit: 1, burstLimit: 10 } } },
      { clock },
    );
    const headers = { "x-api-key": "key-of-one" };
    assert.equal((await get("/b/1", headers)).status, 200);
    assert.equal((await get("/b/2", headers)).status, 429);
    assert.equal((await get("/a", headers)).status, 200);
  });

  for (const [period, milliseconds] of [
    ["DAY", day],
    ["WEEK", 3 * day],
    ["MONTH", 5 * day],
  ] as const) {
    it(`give a quota anew with each ${period.toLowerCase()} of UTC`, async () => {
      const { clock, move } = movedClock();
      const { get, usagePlans } = await runningRest(
        { resources, keys, plan: { quota: { limit: 1, period } } },
        { clock },
      );
      const headers = { "x-api-key": "key-of-one" };
      assert.equal((await get("/a", headers)).status, 200);
      const over = await get("/a", headers);
      assert.deepEqual([over.status, over.text], [429, '{"message":"Limit Exceeded"}']);
      move(milliseconds - day / 2 - 1);
      assert.equal((await get("/a", headers)).status, 429);
      move(1);
      assert.equal((await get("/a", headers)).status, 200);
      const [plan] = usagePlans.plans;
      assert.equal(usagePlans.usage(plan!.id, "unknown")!.used, 0);
    });
  }

  it("open nothing without a key, with one that is off, and once it is removed", async () => {
    const { get, usagePlans } = await runningRest({ resources, keys, plan: {} });
    for (const headers of [{}, { "x-api-key": "off" }, { "x-api-key": "KEY-OF-ONE" }]) {
      const { status, text } = await get("/a", headers as Record<string, string>);
      assert.deepEqual([status, text], [403, '{"message":"Forbidden"}']);
    }
    assert.equal((await get("/a", { "x-api-key": "key-of-one" })).status, 200);
    usagePlans.remove("key-of-one");
    assert.equal((await get("/a", { "x-api-key": "key-of-one" })).status, 403);
    usagePlans.put({ id: "new", value: "key-of-one", enabled: true, planIds: [usagePlans.plans[0]!.id] });
    assert.equal((await get("/a", { "x-api-key": "key-of-one" })).status, 200);
  });

  it("take the key from the authorizer, and never from the client, where the API says so", async () => {
    const { get, compute } = await runningRest({
      resources: { "/a": { GET: { type: "MOCK", apiKeyRequired: true, auth: "authorizer" } } },
      keys,
      plan: { quota: { limit: 1, period: "DAY" } },
      apiKeySource: "AUTHORIZER",
      authorizer: { type: "REQUEST", identitySource: "method.request.header.Authorization", ttl: 60 },
    });
    compute.authorize = ({ headers }) => ({
      principalId: "u",
      policyDocument: { Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }] },
      usageIdentifierKey: headers["authorization"] ?? headers["Authorization"],
    });
    const as = async (key: string) => (await get("/a", { authorization: key, "x-api-key": "key-of-two" })).status;
    assert.equal(await as("key-of-one"), 200);
    assert.equal(await as("key-of-one"), 429);
    assert.equal(await as("key-of-two"), 200);
    assert.equal(await as("nothing"), 403);
  });
});
