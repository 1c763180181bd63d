import assert from "node:assert/strict";
import { GetUsageCommand, GetUsagePlanKeysCommand, GetUsagePlansCommand } from "@aws-sdk/client-api-gateway";
import { answerUsage, type UsageEvent } from "../../../apps/tenant-usage/answer";
import { currentFigure, type Figure, type Figures, freshMs } from "../../../apps/tenant-usage/figure";
import { usageOfPlans } from "../../../apps/tenant-usage/usage-plans";

const asked = { tenant: "acme", tier: "free", apiId: "a1b2c3", stage: "live" };
const asking = { rate: 2, burst: 4, quota: { requests: 100, per: "DAY" }, used: 7 };

/** Figures in memory, as the table has them. */
class MemoryFigures implements Figures {
  readonly rows = new Map<string, { claimedAt?: number; figure?: Figure }>();
  async get(key: string) {
    return this.rows.get(key)?.figure;
  }
  async claim(key: string, now: number) {
    const { claimedAt, figure } = this.rows.get(key) ?? {};
    if (claimedAt !== undefined && claimedAt > now - freshMs) return false;
    this.rows.set(key, { claimedAt: now, ...(figure && { figure }) });
    return true;
  }
  async put(key: string, figure: Figure) {
    this.rows.set(key, { ...this.rows.get(key), figure });
  }
}

/** What asks, with a clock that is set by hand. */
function world() {
  const failures: unknown[] = [];
  const calls: string[] = [];
  const clock = { now: 1_000_000 };
  const figures = new MemoryFigures();
  const parts = {
    figures,
    ask: async ({ tenant }: { readonly tenant: string }): Promise<Omit<Figure, "asOf">> => {
      calls.push(tenant);
      return asking;
    },
    onFailure: (error: unknown) => failures.push(error),
    now: () => clock.now,
    corsOrigins: ["https://app.example.com"],
  };
  return { parts, calls, failures, clock };
}

describe("how much of a tenant's quota is used", () => {
  it("is asked of API Gateway once a minute, whoever asks", async () => {
    const { parts, calls, clock } = world();
    const [first] = await Promise.all(Array.from({ length: 5 }, () => currentFigure(parts, asked)));
    assert.deepEqual([first, calls.length], [{ ...asking, asOf: 1_000_000 }, 1]);
    clock.now += freshMs - 1;
    assert.equal((await currentFigure(parts, asked))?.asOf, 1_000_000);
    assert.equal(calls.length, 1);
    clock.now += 1;
    assert.equal((await currentFigure(parts, asked))?.asOf, clock.now);
    assert.equal(calls.length, 2);
  });

  it("is the figure of before while another one asks, and of one tenant and tier alone", async () => {
    const { parts, calls, clock } = world();
    await currentFigure(parts, asked);
    clock.now += freshMs;
    await parts.figures.claim("acme#free", clock.now);
    assert.equal((await currentFigure(parts, asked))?.asOf, 1_000_000);
    await currentFigure(parts, { ...asked, tenant: "umbrella" });
    await currentFigure(parts, { ...asked, tier: "premium" });
    assert.deepEqual(calls, ["acme", "umbrella", "acme"]);
  });

  it("is the figure of before when API Gateway fails, which is not asked again for a minute", async () => {
    const { parts, failures, clock } = world();
    await currentFigure(parts, asked);
    clock.now += freshMs;
    const failing = { ...parts, ask: () => Promise.reject(new Error("Too Many Requests")) };
    for (let i = 0; i < 3; i++) assert.equal((await currentFigure(failing, asked))?.asOf, 1_000_000);
    assert.equal(failures.length, 1);
  });
});

describe("the answer to a tenant who asks", () => {
  const event = (authorizer: UsageEvent["requestContext"]["authorizer"], origin?: string): UsageEvent => ({
    headers: origin === undefined ? null : { Origin: origin },
    requestContext: { apiId: "a1b2c3", stage: "live", ...(authorizer && { authorizer }) },
  });
  const member = { tenant: "acme", tier: "free", subject: "ada", scopes: "" };

  it("is the tier, its limits, what is used, and when that was so", async () => {
    const { parts } = world();
    const { statusCode, headers, body } = await answerUsage(parts, event(member, "https://app.example.com"));
    assert.deepEqual(
      [statusCode, JSON.parse(body)],
      [200, { tenant: "acme", tier: "free", ...asking, asOf: new Date(1_000_000).toISOString() }],
    );
    assert.equal(headers["access-control-allow-origin"], "https://app.example.com");
    assert.equal(headers["cache-control"], "no-store");
    const { headers: others } = await answerUsage(parts, event(member, "https://other.example.com"));
    assert.equal(others["access-control-allow-origin"], undefined);
  });

  it("is 503 while no figure is there, and 403 without a tenant of the authorizer", async () => {
    const { parts } = world();
    const failing = { ...parts, ask: () => Promise.reject(new Error("no answer")) };
    const unknown = await answerUsage(failing, event(member));
    assert.deepEqual(
      [unknown.statusCode, unknown.headers["retry-after"], JSON.parse(unknown.body).code],
      [503, "2", "usage_unknown"],
    );
    const { tenant: _, ...none } = member;
    for (const of of [undefined, none]) assert.equal((await answerUsage(parts, event(of))).statusCode, 403);
  });
});

describe("the question to API Gateway", () => {
  const plans = [
    { id: "p0", tags: { tier: "free" }, apiStages: [{ apiId: "other", stage: "live" }] },
    {
      id: "p1",
      tags: { tier: "free" },
      apiStages: [{ apiId: "a1b2c3", stage: "live" }],
      throttle: { rateLimit: 2, burstLimit: 4 },
      quota: { limit: 100, period: "DAY" },
    },
    {
      id: "p2",
      tags: { tier: "premium" },
      apiStages: [{ apiId: "a1b2c3", stage: "live" }],
      throttle: { rateLimit: 100, burstLimit: 200 },
    },
  ];
  /** @param items  use of keys, as GetUsage answers */
  function client(keys: readonly object[], items: Readonly<Record<string, number[][]>>) {
    const sent: object[] = [];
    const send = async (command: object) => {
      sent.push(command);
      if (command instanceof GetUsagePlansCommand) return { items: plans };
      if (command instanceof GetUsagePlanKeysCommand) return { items: keys };
      assert.ok(command instanceof GetUsageCommand);
      const { keyId = "" } = command.input;
      return { items: Object.hasOwn(items, keyId) ? { [keyId]: items[keyId] } : {} };
    };
    return { sent, ask: usageOfPlans({ send } as never, "dev") };
  }

  it("is about the plan of the tier at this stage, and the tenant's own key in it", async () => {
    const keys = [
      { id: "k1", name: "dev.acme.free.1" },
      { id: "k2", name: "dev.acme.free-two.1" },
    ];
    const { ask, sent } = client(keys, { k1: [[3, 90]], k2: [[80, 20]] });
    assert.deepEqual(await ask(asked), { ...asking, used: 10 });
    const inputs = sent.map((command: any) => command.input);
    assert.equal(inputs[1].usagePlanId, "p1");
    assert.equal(inputs[1].nameQuery, "dev.acme.free.");
    assert.deepEqual([inputs.length, inputs[2].keyId], [3, "k1"]);
  });

  it("has the larger use of two keys, and none of a key that was not used", async () => {
    const keys = [
      { id: "k1", name: "dev.acme.free.1" },
      { id: "k2", name: "dev.acme.free.2" },
    ];
    assert.equal((await client(keys, { k1: [[3, 60]] }).ask(asked)).used, 40);
    assert.equal((await client(keys, {}).ask(asked)).used, 0);
  });

  it("needs one call for a tier without a quota, and fails for a tier that has no plan", async () => {
    const { ask, sent } = client([], {});
    assert.deepEqual(await ask({ ...asked, tier: "premium" }), { rate: 100, burst: 200 });
    assert.equal(sent.length, 1);
    await assert.rejects(ask({ ...asked, tier: "gone" }), /no usage plan of the stage live has the tier gone/);
  });
});
