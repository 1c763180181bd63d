import assert from "node:assert/strict";
import { HttpError } from "../../apps/kit/errors";
import { withIdempotency } from "../../apps/kit/idempotency";
import { withTables } from "../../apps/kit/key-table";
import { withOwnSettings } from "../../apps/kit/own-settings";
import { probedItem, REGION_PROBE_SECONDS, regionProbe } from "../../apps/kit/region-health";
import { itemId } from "../../apps/kit/schemas";
import { createApp } from "../../apps/shipping/app";
import { shipping, shippingTables } from "../../apps/shipping/contract";
import { FAILOVER_SECONDS, PROBE_CACHE_SECONDS, regionHealthCheck } from "../../infra/dns/failover-time";
import { assertRefused } from "./helpers/answers";
import { harness, MemoryItems, samples } from "./helpers/services";

/** A store whose reads are counted, and fail or hang when told to. */
class ProbedItems extends MemoryItems {
  readonly asked: string[] = [];
  fault: "none" | "refuse" | "hang" = "none";

  override get(id: string) {
    this.asked.push(id);
    if (this.fault === "hang") return new Promise<never>(() => {});
    if (this.fault === "refuse") return Promise.reject(new HttpError(503, "storage_unavailable", "x"));
    return super.get(id);
  }
}

for (const sample of samples) {
  describe(`${sample.name}'s health in its region`, () => {
    const path = `/${sample.name}/healthz/region`;

    it("is good while its table answers, which has no item for it, uncached and unlogged", async () => {
      const items = new ProbedItems();
      const { get, lines } = harness(sample, { items });
      const response = await get(path);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.deepEqual(await response.json(), { status: "ok", service: sample.name });
      assert.deepEqual([items.asked, lines], [[probedItem], []]);
    });

    it("is bad while its table refuses, while /healthz stays as it was", async () => {
      const items = new ProbedItems();
      items.fault = "refuse";
      const { get, lines } = harness(sample, { items });
      await assertRefused(await get(path), 503, "region_unhealthy");
      assert.equal(JSON.parse(lines[0]!).level, "error");
      for (const shallow of ["/healthz", `/${sample.name}/healthz`]) assert.equal((await get(shallow)).status, 200);
      assert.deepEqual(items.asked, [probedItem]);
    });

    it("is bad while its table does not answer, before Route 53 has stopped waiting", async () => {
      const items = new ProbedItems();
      items.fault = "hang";
      const { get } = harness(sample, { items });
      const started = performance.now();
      await assertRefused(await get(path), 503, "region_unhealthy");
      const seconds = (performance.now() - started) / 1_000;
      assert.ok(seconds > 1.4 && seconds < 1.95, `${seconds} s`);
    });
  });
}

describe("the probe of a region", () => {
  /** A probe with a clock that stands, and what it has read. */
  function probeAt(read: () => Promise<unknown>) {
    const clock = { now: 0, reads: 0 };
    const probe = regionProbe(
      {
        table: () => {
          clock.reads += 1;
          return read();
        },
      },
      { now: () => clock.now, deadlineSeconds: 0.02 },
    );
    return { clock, probe };
  }

  it("reads once in five seconds, however often it is asked for", async () => {
    const { clock, probe } = probeAt(async () => undefined);
    await Promise.all(Array.from({ length: 200 }, probe));
    clock.now = REGION_PROBE_SECONDS * 1_000 - 1;
    await probe();
    assert.equal(clock.reads, 1);
    clock.now += 1;
    await Promise.all([probe(), probe()]);
    assert.equal(clock.reads, 2);
  });

  it("keeps a bad result as long as a good one, and is good again after it", async () => {
    let fails = true;
    const { clock, probe } = probeAt(async () => {
      if (fails) throw new Error("refused");
    });
    await assert.rejects(probe(), { code: "region_unhealthy" });
    fails = false;
    await assert.rejects(probe(), { code: "region_unhealthy" });
    assert.equal(clock.reads, 1);
    clock.now = REGION_PROBE_SECONDS * 1_000;
    await probe();
  });

  it("starts no second read while the first one hangs, and then no sooner than five seconds later", async () => {
    const { clock, probe } = probeAt(() => new Promise(() => {}));
    await assert.rejects(Promise.all([probe(), probe()]), { status: 503, code: "region_unhealthy" });
    await assert.rejects(probe());
    assert.equal(clock.reads, 1);
    clock.now = REGION_PROBE_SECONDS * 1_000;
    await assert.rejects(probe());
    assert.equal(clock.reads, 2);
  });

  it("is bad when one of several reads fails", async () => {
    const cause = new Error("denied");
    const probe = regionProbe({ table: async () => {}, secret: () => Promise.reject(cause) });
    await assert.rejects(probe(), { code: "region_unhealthy", cause });
  });

  it("reads the secrets of a service as its requests do", async () => {
    const read: string[] = [];
    const tables = { TABLE_IDEMPOTENCY_KEYS: "keys", TABLE_PICKUPS: "pickups" };
    const app = (value: string | undefined) =>
      withOwnSettings(
        shipping,
        withIdempotency(shipping, withTables(shipping.name, shippingTables, createApp, tables), tables),
        { CARRIER_KEY_PARAMETER: "/dev/key" },
        async (name) => {
          read.push(name);
          return value;
        },
      )({ items: new MemoryItems() as never, log: { debug() {}, info() {}, warn() {}, error() {} } });
    assert.equal((await app("k").request("/shipping/healthz/region")).status, 200);
    assert.deepEqual(read, ["/dev/key"]);
    await assertRefused(await app(undefined).request("/shipping/healthz/region"), 503, "region_unhealthy");
  });

  it("asks for an item that a client could name, so that it goes the way of a request", () => {
    assert.equal(itemId.parse(probedItem), probedItem);
  });

  it("is counted in the time that a failover takes, and its deadline is shorter than Route 53's patience", () => {
    assert.equal(PROBE_CACHE_SECONDS, REGION_PROBE_SECONDS);
    // The last probe before a fault stands for five seconds; a check that got it comes back ten seconds later.
    assert.ok(REGION_PROBE_SECONDS < regionHealthCheck.intervalSeconds);
    assert.equal(FAILOVER_SECONDS, 3 * 10 + 5 + 60);
  });
});
