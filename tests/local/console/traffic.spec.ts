import assert from "node:assert/strict";
import { keptSeconds, Traffic } from "../../../local/console/traffic";

describe("the console's counts of requests", () => {
  const start = 1_700_000_000;
  let now: number;
  let traffic: Traffic;
  beforeEach(() => {
    now = start;
    traffic = new Traffic(() => now * 1_000);
  });

  const record = (status: number, milliseconds: number, service = "food-store", region = "eu-west-1") =>
    traffic.record({ region, service, status, milliseconds });

  it("have failures, median and 99th percentile of each second, and leave the one that runs out", () => {
    for (let i = 0; i < 98; i++) record(200, 3);
    record(503, 40);
    record(0, 900);
    assert.deepEqual(traffic.since(0)[0]!.seconds, []);
    now++;
    const [{ seconds, lastMinute } = assert.fail()] = traffic.since(0);
    assert.equal(seconds.length, 1);
    const [second, requests, failures, p50, p99] = seconds[0]!;
    assert.deepEqual([second, requests, failures], [start, 100, 2]);
    // At most a quarter too high.
    assert.ok(p50 >= 3 && p50 <= 3 * 1.25, String(p50));
    assert.ok(p99 >= 40 && p99 <= 40 * 1.25, String(p99));
    assert.deepEqual(lastMinute, { requests: 100, failures: 2, p50, p99 });
  });

  it("take 4xx for answers, not for failures", () => {
    for (const status of [401, 404, 429, 499, 500]) record(status, 1);
    now++;
    assert.equal(traffic.since(0)[0]!.lastMinute.failures, 1);
  });

  it("forget a minute later what the last minute counts, and after five the rest", () => {
    record(200, 1);
    now += 60;
    assert.equal(traffic.since(0)[0]!.lastMinute.requests, 1);
    now++;
    assert.equal(traffic.since(0)[0]!.lastMinute.requests, 0);
    assert.equal(traffic.since(0)[0]!.seconds.length, 1);
    now = start + keptSeconds;
    assert.deepEqual(traffic.since(0)[0]!.seconds, []);
    // The place of a second is taken again.
    record(200, 1);
    now++;
    assert.deepEqual(
      traffic.since(0)[0]!.seconds.map(([second, requests]) => [second, requests]),
      [[start + keptSeconds, 1]],
    );
  });

  it("are apart for each service and region, and start with a given second", () => {
    record(200, 1);
    record(200, 1, "pet-store");
    now++;
    record(200, 1, "food-store", "eu-central-1");
    now++;
    const shown = traffic.since(start + 1).map((each) => [each.region, each.service, each.seconds.length]);
    assert.deepEqual(shown, [
      ["eu-central-1", "food-store", 1],
      ["eu-west-1", "food-store", 0],
      ["eu-west-1", "pet-store", 0],
    ]);
  });
});
