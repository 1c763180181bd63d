import assert from "node:assert/strict";
import * as z from "zod";
import { defineService, readThrottle } from "../../apps/kit/contract";
import type { ServiceNeeds } from "../../apps/kit/needs-definition";
import { healthAnswer, itemId } from "../../apps/kit/schemas";

const route = { access: "write", throttle: readThrottle, answer: healthAnswer, summary: "Works" } as const;

/** A service with three routes, of which schedules can call the first. */
const withNeeds = (needs: unknown) =>
  defineService({
    name: "shop",
    title: "Shop",
    port: 8090,
    table: { hashKey: "id", indexes: [] },
    routes: {
      tidy: { ...route, method: "POST", path: "/shop/tidy" },
      one: { ...route, method: "POST", path: "/shop/things/{id}" },
      write: { ...route, method: "POST", path: "/shop/things", body: z.strictObject({ id: itemId }) },
    },
    needs: needs as ServiceNeeds<"tidy">,
  });
const every = (text: string) => ({ schedules: { tidy: { every: text, route: "tidy" } } });

describe("what a service needs", () => {
  it("is nothing by default, and plain data with the route of each schedule", () => {
    const none = { variables: {}, secrets: [], egress: [], schedules: [] };
    assert.deepEqual(withNeeds(undefined).needs, none);
    const { needs } = withNeeds({ bucket: { expireAfterDays: 1 }, ...every("rate(1 hour)") });
    assert.deepEqual(needs, {
      ...none,
      bucket: { expireAfterDays: 1 },
      schedules: [{ id: "tidy", every: "rate(1 hour)", method: "POST", path: "/shop/tidy" }],
    });
    assert.deepEqual(structuredClone(needs), needs);
  });

  it("may be a bucket whose objects expire after whole days", () => {
    for (const expireAfterDays of [0, 1.5, -1, 36_501, Number.NaN, "7"]) {
      assert.throws(() => withNeeds({ bucket: { expireAfterDays } }), {
        message: `service "shop": needs.bucket.expireAfterDays must be a whole number of days from 1 to 36500, got ${JSON.stringify(expireAfterDays)}; correct it`,
      });
    }
  });

  it("may be more tables, whose names become those of variables", () => {
    const tables = { baskets: { hashKey: "id", expires: true }, "kept-prices": { hashKey: "item" } };
    assert.deepEqual(withNeeds({ tables }).needs.tables, tables);
    for (const name of ["Baskets", "-a", "a--b", "a_b", "", "a".repeat(33)]) {
      assert.throws(() => withNeeds({ tables: { [name]: { hashKey: "id" } } }), {
        message: `service "shop": needs.tables must be named in at most 32 lower-case letters, digits and single inner hyphens, got ${JSON.stringify(name)}; rename it`,
      });
    }
    for (const hashKey of ["", "a b", "expiresAt", "1a", "a".repeat(65)]) {
      assert.throws(() => withNeeds({ tables: { baskets: { hashKey } } }), {
        message: `service "shop": needs.tables.baskets.hashKey must be at most 64 letters and digits, and not expiresAt, got ${JSON.stringify(hashKey)}; rename the key`,
      });
    }
    const variables = { TABLE_BASKETS: { description: "Taken", default: "" } };
    assert.throws(
      () => withNeeds({ variables }),
      /and not as a variable of the platform or of AWS, got "TABLE_BASKETS"/,
    );
  });

  it("may be calls at a rate or at times that EventBridge Scheduler takes", () => {
    for (const text of [
      ...["rate(1 minute)", "rate(15 minutes)", "rate(1 day)", "rate(365 days)"],
      ...["cron(30 4 * * ? *)", "cron(0/15 8-18 ? * 2-6 *)", "cron(0 0 1,15 * ? 2027-2030)"],
    ]) {
      assert.equal(withNeeds(every(text)).needs.schedules[0]!.every, text);
    }
    for (const text of [
      ...["rate(1 minutes)", "rate(2 hour)", "rate(0 hours)", "rate(30 seconds)", "rate(1 hour) ", "1 hour", ""],
      ...["cron(30 4 * * * *)", "cron(30 4 ? * ? *)", "cron(30 4 * * ?)", "cron(? 4 * * ? *)", "cron(0 0 L * ? *)"],
      ...["cron(0 9 ? * MON *)", "at(2030-01-01T00:00:00)"],
    ]) {
      assert.throws(() => withNeeds(every(text)), /needs\.schedules\.tidy\.every must be rate\(/, text);
    }
  });

  it("may call one of its own routes, without path parameters and body", () => {
    const call = (id: string) => withNeeds({ schedules: { tidy: { every: "rate(1 hour)", route: id } } });
    assert.throws(() => call("none"), {
      message: 'service "shop": needs.schedules.tidy.route must be one of tidy, one, write, got "none"; name a route',
    });
    for (const id of ["one", "write"]) {
      assert.throws(() => call(id), /must be a route without path parameters and body, got "(one|write)"/);
    }
    for (const id of ["Tidy", "-a", "a--b", "a".repeat(41)]) {
      const named = { schedules: { [id]: { every: "rate(1 hour)", route: "tidy" } } };
      assert.throws(() => withNeeds(named), /needs\.schedules must be named in at most 40 lower-case letters/, id);
    }
  });
});
