import assert from "node:assert/strict";
import { autoScalingReplacement } from "../../local/processes/replacement";
import { until as waitUntil } from "../local/helpers/wait";
import { Fleet, longestMs, runs } from "./fleet";

const until = (what: string, isTrue: () => unknown) => waitUntil(what, isTrue, longestMs);

/** Each block names the page of the Amazon EC2 Auto Scaling user guide that says what is tested. */
describe("local Auto Scaling groups behave as those of AWS", function () {
  this.timeout(3 * longestMs);
  const fleet = new Fleet();

  afterEach(() => fleet.stop());
  after(() => fleet.remove());

  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-maintenance-policy-overview-and-considerations.html
  describe("the instance maintenance policy", () => {
    it("decides how many instances are replaced at a time, and in which order", () => {
      for (const [desired, minHealthyPercentage, maxHealthyPercentage, expected] of [
        [3, undefined, undefined, { atATime: 1, newServer: "together" }],
        [30, undefined, undefined, { atATime: 3, newServer: "together" }],
        [30, -1, -1, { atATime: 3, newServer: "together" }],
        [2, 100, 150, { atATime: 1, newServer: "before" }],
        [10, 100, 150, { atATime: 5, newServer: "before" }],
        [1, 100, 110, { atATime: 1, newServer: "before" }],
        [10, 80, 100, { atATime: 2, newServer: "together" }],
        [10, 100, 100, { atATime: 1, newServer: "together" }],
      ] as const) {
        const policy = autoScalingReplacement(desired, { minHealthyPercentage, maxHealthyPercentage });
        assert.deepEqual(policy, expected, `${desired} instances, ${minHealthyPercentage}-${maxHealthyPercentage} %`);
      }
    });

    it("launches before it terminates with a maximum over 100 %", async () => {
      const policy = { minHealthyPercentage: 100, maxHealthyPercentage: 150 };
      const group = fleet.ec2({ desired: 2, replacement: autoScalingReplacement(2, policy) });
      await group.start();
      const before = group.views().map(({ pid }) => pid!);
      let [most, fewest] = [0, 2];
      const count = setInterval(() => {
        most = Math.max(most, group.views().length);
        fewest = Math.min(fewest, group.views().filter(({ pid }) => pid !== undefined && runs(pid)).length);
      }, 2);
      await fleet.sicken([fleet.picked(), fleet.picked()].map((origin) => ({ origin: origin! })));
      await until("both replaced", () => !before.some(runs) && group.views().length === 2);
      clearInterval(count);
      assert.deepEqual([most, fewest], [3, 2]);
    });

    it("terminates while it launches without a policy, one of a small group at a time", async () => {
      const group = fleet.ec2({ desired: 2, replacement: autoScalingReplacement(2) });
      await group.start();
      const before = group.views().map(({ pid }) => pid!);
      let fewest = 2;
      const count = setInterval(() => {
        fewest = Math.min(fewest, group.views().filter(({ pid }) => pid !== undefined && runs(pid)).length);
      }, 2);
      await fleet.sicken([fleet.picked(), fleet.picked()].map((origin) => ({ origin: origin! })));
      await until("both replaced", () => !before.some(runs) && group.views().length === 2);
      clearInterval(count);
      assert.equal(fewest, 1);
    });
  });

  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
  describe("targets", () => {
    it("stay registered and healthy while systemd starts a process again, on the same instance", async () => {
      const group = fleet.ec2({ restartSeconds: 20 });
      await group.start();
      const origin = fleet.picked();
      const { pid = 0, zone } = group.views()[0]!;
      process.kill(pid, "SIGKILL");
      await until("ended", () => !runs(pid));
      // Two checks have not failed yet: the balancer still sends requests there, which it answers with 502.
      assert.equal(fleet.picked(), origin);
      assert.equal(group.views().length, 1);
      await until("a new process", () => group.views()[0]!.pid !== pid);
      assert.deepEqual(
        group.views().map((view) => view.zone),
        [zone],
      );
      await until("at its own address", () => fleet.picked() !== origin && fleet.picked() !== undefined);
      await until("healthy", () => group.views()[0]!.health === "healthy");
      assert.equal(group.views().length, 1);
      assert.ok(fleet.logs.some((line) => /ended with SIGKILL; its process starts again/.test(line)));
    });

    it("are deregistered when Auto Scaling terminates the instance, and not before its successor is healthy", async () => {
      const policy = { minHealthyPercentage: 100, maxHealthyPercentage: 200 };
      const group = fleet.ec2({ replacement: autoScalingReplacement(1, policy) });
      await group.start();
      const origin = fleet.picked()!;
      await fleet.sicken([{ origin }]);
      await until("launched", () => group.views().length === 2);
      // The only other target is not healthy yet, so the balancer fails open to the old one.
      assert.ok([fleet.picked(), fleet.picked()].includes(origin));
      await until("terminated", () => group.views().length === 1);
      assert.notEqual(fleet.picked(), origin);
    });

    it("that are unhealthy within the grace period are not replaced", async () => {
      const group = fleet.ec2({ balancerGraceSeconds: 100_000 });
      await group.start();
      await fleet.sicken([{ origin: fleet.picked()! }]);
      await until("unhealthy", () => group.views()[0]!.health === "unhealthy");
      assert.equal(group.views().length, 1);
    });
  });
});
