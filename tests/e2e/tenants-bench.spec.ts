import assert from "node:assert/strict";
import { measureTenants } from "../../bench/tenants";
import type { Outcome } from "../../bench/tenants/client";
import { admittedOf, figuresOf, loadProblems, othersProblems, overProblems } from "../../bench/tenants/judge";
import { othersArrivals, overArrivals, tier } from "../../bench/tenants/settings";

const size = { tenants: 400, over: 5, othersRate: 40, seconds: 4, leastSent: 0 };
const refusal = '{"code":"throttled","message":"Too Many Requests"}';

/** 60 s of one tenant that sends ten requests a second, of which the first ones are admitted. */
function requestsOf(admitted: number): Outcome[] {
  return Array.from({ length: 621 }, (_, i) => ({
    ...{ tenant: 1, sentAt: i * 100, milliseconds: i },
    status: i < admitted ? 200 : 429,
  }));
}

describe("the bench of tenants", () => {
  it("finds no fault with 400 tenants, five of them at 50 times their rate", async () => {
    const lines: string[] = [];
    assert.deepEqual(await measureTenants(size, (line) => lines.push(line)), []);
    const text = lines.join("\n");
    assert.match(text, /400 tenants: keys made and attached \(800 changes\)/);
    assert.match(text, /these 5: 200 sent, .* x 200, .* x 429/);
    assert.equal(text.match(/ 159 sent, .* 159 x 200, p50/g)?.length, 2, text);
  }).timeout(150_000);

  it("lets no tenant but the loud ones send more than its bucket has", () => {
    const full = { tenants: 10_000, over: 100, othersRate: 300, seconds: 62, leastSent: 1 };
    const others = othersArrivals(full);
    const counts = new Map<number, number>();
    for (const { tenant } of others) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
    assert.equal(counts.size, 9_900, "every one of them sends");
    assert.ok(Math.abs(others.length / full.seconds - 300) < 3, `${others.length}`);
    assert.equal(Math.max(...counts.values()), 12, "some send 0.9 of their rate");
    assert.ok(
      others.every(({ at }, i) => i === 0 || others[i - 1]!.at <= at),
      "the client sends them in this order",
    );
    assert.ok(12 <= tier.burst + tier.rate * full.seconds);
    assert.equal(overArrivals(full).length, 62_000);
    assert.deepEqual([...new Set(overArrivals(full).map(({ tenant }) => tenant))].length, 100);
    assert.throws(() => othersArrivals({ ...full, tenants: 1_000 }), /cannot send 300 requests\/s within their tier/);
  });

  it("compares what was admitted with burst + rate x time", () => {
    assert.deepEqual(admittedOf(requestsOf(17)), { expected: 17, admitted: 17, percent: 0, most: 0 });
    const [none, more] = [admittedOf(requestsOf(16)), admittedOf(requestsOf(18))];
    assert.deepEqual([none.most, more.most], [1, 1]);
    assert.ok(none.percent < -5 && more.percent > 5);
  });

  it("finds each fault", () => {
    const figures = figuresOf(requestsOf(17), 62);
    const good = admittedOf(requestsOf(17));
    assert.deepEqual(overProblems(figures, good, [refusal]), []);
    assert.match(overProblems(figures, admittedOf(requestsOf(18)), [refusal]).join(), /admitted 18, 5\.9 % off.*17/);
    assert.match(overProblems(figures, { ...good, most: 2 }, [refusal]).join(), /2 requests more or less/);
    assert.match(overProblems(figures, good, ["{}"]).join(), /429 has the bodies \{\}/);
    assert.match(overProblems(figures, good, []).join(), /429 has the bodies none/);
    const failing = { ...figures, byStatus: { 200: 17, 429: 1, 500: 2, failed: 3 } };
    assert.equal(overProblems(failing, good, [refusal]).length, 2);
    assert.deepEqual(othersProblems("alone", failing), [
      "alone: 1 requests within their tier were answered 429",
      "alone: 2 requests within their tier were answered 500",
      "alone: 3 requests within their tier were answered failed",
    ]);
    assert.deepEqual(othersProblems("alone", { ...figures, byStatus: { 200: 621 } }), []);
    assert.deepEqual(loadProblems("alone", figures, 10, 0.95), []);
    assert.match(
      loadProblems("alone", figuresOf(requestsOf(1), 31), 20, 0.95).join(),
      /10 of 20 requests\/s were sent/,
    );
  });
});
