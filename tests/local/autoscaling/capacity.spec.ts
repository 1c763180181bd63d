import assert from "node:assert/strict";
import { Capacity } from "../../../local/autoscaling/capacity";
import type { Measured, Scaling, TargetTrackingPolicy, TriggerPolicy } from "../../../local/autoscaling/scaling";

const cpu: TargetTrackingPolicy = {
  kind: "target tracking",
  metric: "cpu",
  target: 60,
  scalesIn: true,
  outCooldownSeconds: 0,
  inCooldownSeconds: 0,
};
const trigger: TriggerPolicy = {
  kind: "trigger",
  metric: "cpu",
  periodMinutes: 1,
  periods: 2,
  upper: 60,
  upperChange: 1,
  lower: 30,
  lowerChange: -1,
  cooldownSeconds: 360,
};

/** A group whose number follows the decisions at once, unless it is told otherwise. */
class Group {
  desired: number;
  minute = 0;
  private readonly capacity: Capacity;

  constructor(scaling: Partial<Scaling>, desired = 3) {
    this.capacity = new Capacity({ min: 3, max: 12, policies: [cpu], ...scaling });
    this.desired = desired;
  }

  /** Lets minutes pass at a load; returns the number after each. */
  pass(minutes: number, measured: (desired: number) => Partial<Measured>): number[] {
    return Array.from({ length: minutes }, () => {
      this.minute++;
      const more = measured(this.desired);
      const decision = this.capacity.decide({
        ...{ second: this.minute * 60, desired: this.desired, servers: [], requests: new Map() },
        ...more,
      });
      this.desired = decision.desired;
      return this.desired;
    });
  }
}

const servers = (number: number, percent: number, ageSeconds = 10_000) =>
  Array.from({ length: number }, () => ({ ageSeconds, cpu: percent, memory: percent }));
/** The same work in percent of one server, shared by all of them. */
const sharing = (work: number) => (desired: number) => ({ servers: servers(desired, work / desired) });
const at = (percent: number) => (desired: number) => ({ servers: servers(desired, percent) });

describe("capacity", () => {
  describe("by target tracking", () => {
    it("grows after three minutes over the target, to where the metric is at it, rounded up", () => {
      const group = new Group({});
      assert.deepEqual(group.pass(4, sharing(270)), [3, 3, 5, 5]);
    });

    it("does not grow when one of three minutes is at the target", () => {
      const group = new Group({});
      for (const load of [200, 200, 180, 200, 200, 180]) group.pass(1, sharing(load));
      assert.equal(group.desired, 3);
    });

    it("shrinks after fifteen minutes below nine tenths of the target, and not before", () => {
      const group = new Group({}, 10);
      // 10 servers at 30 %: 5 are at their target.
      assert.deepEqual(group.pass(14, sharing(300)), Array(14).fill(10));
      assert.deepEqual(group.pass(3, sharing(300)), [5, 5, 5]);
      assert.deepEqual(new Group({}, 10).pass(20, at(55)), Array(20).fill(10));
    });

    it("stays within the planned bounds", () => {
      const group = new Group({});
      assert.deepEqual(group.pass(3, sharing(5_000)), [3, 3, 12]);
      assert.deepEqual(group.pass(16, sharing(0)).at(-1), 3);
      assert.deepEqual(new Group({}, 2).pass(1, at(60)), [3]);
    });

    it("never shrinks by a policy that may not, and by several only when all want to", () => {
      assert.equal(new Group({ policies: [{ ...cpu, scalesIn: false }] }, 10).pass(30, sharing(0)).at(-1), 10);
      const memory = { ...cpu, metric: "memory" } as const;
      const mixed = (memoryPercent: number) => (desired: number) => ({
        servers: Array.from({ length: desired }, () => ({ ageSeconds: 9_999, cpu: 1, memory: memoryPercent })),
      });
      assert.equal(new Group({ policies: [cpu, memory] }, 10).pass(30, mixed(55)).at(-1), 10);
      assert.equal(new Group({ policies: [cpu, memory] }, 10).pass(15, mixed(30)).at(-1), 5);
      assert.equal(new Group({ policies: [cpu, memory] }, 10).pass(3, mixed(66)).at(-1), 11);
    });

    it("follows requests of its target group, by the targets that got them", () => {
      const requests = { ...cpu, metric: "requests", target: 6_000, targetGroup: "targets" } as const;
      const group = new Group({ policies: [requests], warmupSeconds: 180 });
      // Two of the servers that were added are not healthy yet: 4 targets still get all requests.
      const measured = () => ({
        requests: new Map([["targets", { each: 9_000, targets: 4 }]]),
        servers: servers(6, 1),
      });
      assert.deepEqual(group.pass(5, measured), [3, 3, 6, 6, 6]);
    });

    it("changes nothing without datapoints", () => {
      const group = new Group({}, 5);
      group.pass(15, at(1));
      assert.equal(group.desired, 3);
      assert.equal(new Group({}, 5).pass(30, () => ({})).at(-1), 5);
    });

    it("counts no server that warms up, and removes none meanwhile", () => {
      const group = new Group({ warmupSeconds: 180 });
      const load = (ageSeconds: number) => (desired: number) => ({
        servers: [...servers(3, 90), ...servers(desired - 3, 0, ageSeconds)],
      });
      assert.deepEqual(group.pass(5, load(60)), [3, 3, 5, 5, 5]);
      const idle = (ageSeconds: number) => () => ({ servers: [...servers(4, 1), ...servers(1, 1, ageSeconds)] });
      assert.equal(group.pass(20, idle(170)).at(-1), 5);
      assert.equal(group.pass(1, idle(180)).at(-1), 3);
    });

    it("counts an increase as part of the next one until its cooldown ends", () => {
      const cooled = { ...cpu, outCooldownSeconds: 180 };
      const group = new Group({ policies: [cooled] });
      // New tasks do not help yet: all are measured at 80 %.
      assert.deepEqual(group.pass(3, at(80)), [3, 3, 4]);
      assert.deepEqual(group.pass(1, at(80)), [4], "4 / 3 of the first 3 are there already");
      assert.deepEqual(group.pass(1, at(100)), [5], "a larger increase is not held back");
      assert.deepEqual(group.pass(3, at(100)), [5, 5, 9], "after it, from what is there");
    });

    it("waits between decreases, and not when it has grown meanwhile", () => {
      const cooled = { ...cpu, inCooldownSeconds: 300 };
      const group = new Group({ policies: [cooled] }, 12);
      assert.deepEqual(group.pass(15, at(50)).at(-1), 10);
      assert.deepEqual(group.pass(5, at(45)), [10, 10, 10, 10, 8]);
      group.pass(3, at(70));
      assert.equal(group.desired, 10);
      assert.deepEqual(group.pass(15, at(45)).at(-1), 8);
    });
  });

  describe("by a Beanstalk trigger", () => {
    it("changes by its steps, once in a cooldown, while its alarm is on", () => {
      const group = new Group({ policies: [trigger] });
      assert.deepEqual(group.pass(9, at(80)), [3, 4, 4, 4, 4, 4, 4, 5, 5]);
      assert.deepEqual(group.pass(6, at(45)), [5, 5, 5, 5, 5, 5]);
      assert.deepEqual(group.pass(9, at(10)), [5, 4, 4, 4, 4, 4, 4, 3, 3]);
    });

    it("measures over its period", () => {
      const group = new Group({ policies: [{ ...trigger, periodMinutes: 5, periods: 1 }] });
      assert.deepEqual(group.pass(5, at(80)), [3, 3, 3, 3, 4]);
    });
  });
});
