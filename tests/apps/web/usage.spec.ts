import assert from "node:assert/strict";
import { explain } from "../../../apps/web/explain";
import type { Answer } from "../../../apps/web/request";
import { ageText, limitsText, nextPeriod, quotaText, tooManyText, type Usage } from "../../../apps/web/usage";

const usage: Usage = {
  ...{ tenant: "acme", tier: "free", rate: 2, burst: 4, used: 10_000, asOf: "2026-11-28T12:00:00.000Z" },
  quota: { requests: 10_000, per: "MONTH" },
};
const now = new Date("2026-11-28T12:00:10Z");
const refused: Answer = {
  ...{ method: "GET", path: "/a", signed: true, status: 429, milliseconds: 3, body: { code: "throttled" } },
  origin: {},
};
const person = { email: "ada@example.com", groups: [], scopes: [] };

describe("the web app's words for a tenant's limits", () => {
  it("say rate, burst, quota and the age of a figure", () => {
    assert.equal(limitsText({ rate: 1, burst: 3 }), "1 request a second, 3 at once");
    assert.equal(limitsText(usage), "2 requests a second, 4 at once");
    assert.equal(quotaText(usage.quota!), "10,000 requests a month");
    assert.deepEqual(
      [-5, 1_400, 59_000, 61_000, 125_000].map((milliseconds) => ageText(milliseconds)),
      ["0 seconds ago", "1 second ago", "59 seconds ago", "1 minute ago", "2 minutes ago"],
    );
  });

  it("say when a quota starts anew, in UTC", () => {
    const next = (per: "DAY" | "WEEK" | "MONTH") => nextPeriod(per, now).toISOString().slice(0, 10);
    // 28 November 2026 is a Saturday.
    assert.deepEqual([next("DAY"), next("WEEK"), next("MONTH")], ["2026-11-29", "2026-11-29", "2026-12-01"]);
    assert.equal(nextPeriod("WEEK", new Date("2026-11-29T00:00:00Z")).toISOString().slice(0, 10), "2026-12-06");
    assert.equal(nextPeriod("MONTH", new Date("2026-12-31T23:00:00Z")).toISOString().slice(0, 10), "2027-01-01");
  });

  it("tell the limit of a second from a used up quota, and when to try again", () => {
    const throttled = tooManyText(usage, "throttled", now);
    assert.match(throttled, /^Tenant acme sent more than its tier free allows, 2 requests a second, 4 at once,/);
    assert.match(throttled, /Try again in a second\.$/);
    assert.match(tooManyText({ ...usage, rate: 0.2 }, "throttled", now), /Try again in 5 seconds\.$/);
    assert.equal(
      tooManyText(usage, "quota_exceeded", now),
      "Tenant acme has used up the quota of its tier free, 10,000 requests a month. It starts anew on 1 December 2026 at 00:00 UTC.",
    );
  });

  it("explain 429 by the tenant's limits, and 403 to who is in no tenant", () => {
    const explained = (more: Partial<Answer>, known: Parameters<typeof explain>[1]["usage"]) =>
      explain({ ...refused, ...more }, { scopes: [], person, usage: known }).text;
    assert.match(explained({}, usage), /^Tenant acme sent more than/);
    assert.match(explained({ body: { code: "quota_exceeded" } }, usage), /^Tenant acme has used up the quota/);
    assert.match(explained({}, undefined), /^All callers of this route together/);
    assert.match(explained({ status: 403 }, "none"), /^ada@example\.com is in no tenant/);
    assert.match(explained({ status: 401, signed: false }, undefined), /^This needs a token\. The gateway/);
  });
});
