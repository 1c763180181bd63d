import assert from "node:assert/strict";
import { planStack } from "../../../graph/plan";
import { detectionMs } from "../../../graph/recovery/checks";
import { recoveryOf } from "../../../graph/recovery/recovery";
import { FAILOVER_SECONDS, PROBE_CACHE_SECONDS, regionHealthCheck } from "../../../infra/dns/failover-time";
import { healthCheck } from "../../../infra/traffic/timeouts";

describe("what a plan says of recovery", function () {
  this.timeout(60_000);
  let plan: ReturnType<typeof recoveryOf>;
  before(async () => {
    plan = recoveryOf(await planStack("prod"));
  });

  it("has the checks of every service by its pattern, in both regions", () => {
    const { intervalSeconds, timeoutSeconds, unhealthyThreshold: failures } = healthCheck;
    for (const [service, pattern, by] of [
      ["shipping", "ec2", "the balancer's checks"],
      ["price-calculator", "beanstalk", "the balancer's checks"],
      ["food-store", "ecs", "the container's checks"],
      ["pet-store", "lambda", undefined],
    ] as const) {
      const own = plan.services.filter((each) => each.service === service);
      assert.deepEqual(own.map(({ region }) => region).sort(), ["eu-central-1", "eu-west-1"], service);
      for (const each of own) {
        assert.deepEqual([each.pattern, each.checks?.by], [pattern, by]);
        if (by === undefined) continue;
        assert.deepEqual(
          [each.checks!.intervalSeconds, each.checks!.timeoutSeconds, each.checks!.failures],
          [intervalSeconds, timeoutSeconds, failures],
        );
      }
    }
  });

  it("moves names by the planned checks, in the time that the configuration's least target is", () => {
    assert.deepEqual(
      [plan.names?.intervalSeconds, plan.names?.failures],
      [regionHealthCheck.intervalSeconds, regionHealthCheck.failureThreshold],
    );
    assert.equal(plan.probeSeconds, PROBE_CACHE_SECONDS);
    const worst = detectionMs({ ...plan.names!, cachedSeconds: plan.probeSeconds }, 1, true, 1) / 1_000;
    assert.equal(worst + plan.addressSeconds, FAILOVER_SECONDS);
  });

  it("moves none in an environment of one region", async () => {
    assert.equal(recoveryOf(await planStack("dev")).names, undefined);
  });
});

describe("the time until checks find a fault", () => {
  const checks = {
    by: "",
    failures: 2,
    intervalSeconds: 10,
    timeoutSeconds: 5,
    from: "start",
    leastTimeoutMs: 250,
  } as const;

  it("is an interval for each failure, the first of which a part, and the last one's time limit", () => {
    assert.deepEqual(
      [0, 0.5, 0.99, 1].map((quantile) => detectionMs(checks, quantile, false, 1)),
      [15_000, 20_000, 24_900, 25_000],
    );
    assert.equal(detectionMs(checks, 1, true, 1), 20_000);
  });

  it("adds each time limit where an interval begins with the end of a check", () => {
    assert.equal(detectionMs({ ...checks, from: "end" }, 1, false, 1), 30_000);
  });

  it("is scaled, but for time limits that a machine cannot shorten", () => {
    assert.equal(detectionMs(checks, 1, false, 10), 2_500);
    assert.equal(detectionMs(checks, 1, false, 100), 100 + 2 * 250);
    assert.equal(detectionMs({ ...checks, from: "end", leastTimeoutMs: 1_000 }, 1, false, 10), 4_000);
  });
});
