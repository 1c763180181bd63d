import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { AutoScaling } from "../../../local/autoscaling/auto-scaling";
import { Machine } from "../../../local/autoscaling/machine";
import { type Resizable, ScaledGroup } from "../../../local/autoscaling/scaled-group";
import type { Scaling } from "../../../local/autoscaling/scaling";
import { usageOf } from "../../../local/processes/usage";
import { TimeScale } from "../../../local/time-scale";
import { until } from "../helpers/wait";

const cooldowns = { outCooldownSeconds: 0, inCooldownSeconds: 0 };
const scaling: Scaling = {
  min: 2,
  max: 8,
  server: { vcpus: 0.5, memoryMegabytes: 100 },
  policies: [
    { kind: "target tracking", metric: "cpu", target: 50, scalesIn: true, ...cooldowns },
    { kind: "target tracking", metric: "requests", target: 600, targetGroup: "targets", scalesIn: true, ...cooldowns },
  ],
};

/** Servers whose processes use CPU as they are told. */
class Servers implements Resizable {
  desired = 2;
  /** Seconds of CPU that each server uses in a second. */
  cpu = 0;
  requests = 0;
  private readonly used = new Map<number, number>();

  processes() {
    return Array.from({ length: this.desired }, (_, at) => ({ pid: at + 1, since: 0 }));
  }

  resize(desired: number): void {
    this.desired = desired;
  }

  usage(pid: number, seconds = 60) {
    this.used.set(pid, (this.used.get(pid) ?? 0) + this.cpu * seconds);
    return { cpuSeconds: this.used.get(pid)!, residentBytes: 2 ** 20 * 40 };
  }
}

describe("a scaled group", () => {
  let servers: Servers;
  let lines: string[];
  let asked: string[];
  let refused: boolean;
  let second: number;

  beforeEach(() => {
    servers = new Servers();
    [lines, asked, refused, second] = [[], [], false, 0];
  });

  function group(room: (wanted: number) => number = (wanted) => wanted): ScaledGroup {
    return new ScaledGroup(servers, scaling, {
      room,
      targets: () => ({ requests: servers.requests, targets: servers.desired }),
      ask: (what) => {
        asked.push(what);
        if (refused) throw new Error("dark");
      },
      log: (line) => lines.push(line),
      usage: (pid) => servers.usage(pid),
    });
  }

  function pass(scaled: ScaledGroup, minutes: number, requestsPerSecond = 0): void {
    for (let i = 0; i < minutes; i++) {
      second += 60;
      servers.requests += requestsPerSecond * 60;
      scaled.measure(second, 60, 1);
    }
  }

  it("measures CPU in percent of what a server is planned to have, and says why it grows", () => {
    const scaled = group();
    servers.cpu = 0.4; // 80 % of half a CPU
    pass(scaled, 1);
    assert.deepEqual(scaled.view(), { min: 2, max: 8, memory: 40, requests: 0 });
    pass(scaled, 3);
    assert.equal(servers.desired, 4);
    assert.deepEqual(lines, ["scales from 2 to 4 servers, as cpu is 80, its target 50"]);
    assert.deepEqual(asked, ["change 2 to 4 servers"]);
    const last = "2 to 4 servers, as cpu is 80, its target 50";
    assert.deepEqual(scaled.view(), { min: 2, max: 8, cpu: 80, memory: 40, requests: 0, last });
  });

  it("sees no more CPU than a server is planned to have", () => {
    const scaled = group();
    servers.cpu = 1;
    pass(scaled, 2);
    assert.equal(scaled.view().cpu, 100);
  });

  it("counts requests a minute by the clock of this machine, whatever the time scale", () => {
    const scaled = group();
    scaled.measure(0, 1, 60);
    servers.requests += 20;
    // A planned minute passed in a second.
    scaled.measure(60, 1, 60);
    assert.equal(scaled.view().requests, 600);
  });

  it("grows as far as this machine bears, and says so once", () => {
    const scaled = group((wanted) => Math.min(wanted, 1));
    servers.cpu = 1;
    pass(scaled, 4);
    assert.equal(servers.desired, 3);
    const bound =
      "stays at 3 servers, the most that this machine bears; on AWS it would have 4, as cpu is 100, its target 50";
    assert.deepEqual(lines, [bound, "scales from 2 to 3 servers, as cpu is 100, its target 50"]);
    const none = group(() => 0);
    servers.cpu = 1;
    lines.length = 0;
    pass(none, 6);
    assert.equal(servers.desired, 3);
    assert.equal(lines.length, 1);
  });

  it("does not change while the control plane refuses", () => {
    const scaled = group();
    servers.cpu = 0.4;
    refused = true;
    pass(scaled, 5);
    assert.deepEqual([servers.desired, lines], [2, []]);
    refused = false;
    pass(scaled, 1);
    assert.equal(servers.desired, 4);
  });

  it("reads the CPU time and memory of a process, and nothing of one that has ended", async () => {
    const child = spawn(process.execPath, ["-e", "while (process.cpuUsage().user < 2e5); setTimeout(() => {}, 9e5)"]);
    await until("busy", () => (usageOf(child.pid!)?.cpuSeconds ?? 0) >= 0.15);
    assert.ok(usageOf(child.pid!)!.residentBytes > 2 ** 24);
    const own = usageOf(process.pid)!.residentBytes / process.memoryUsage.rss();
    assert.ok(own > 0.8 && own < 1.25, String(own));
    child.kill("SIGKILL");
    await until("ended", () => child.signalCode !== null);
    assert.equal(usageOf(child.pid!), undefined);
  });

  it("is measured each planned minute, among others that share what the machine bears", async () => {
    const [one, other] = [new Servers(), new Servers()];
    const requests: Scaling = { ...scaling, policies: [scaling.policies[1]!] };
    const parts = { service: "thing", scaling: requests };
    const all = new AutoScaling(
      [
        { id: "one", region: "eu-west-1", fleet: one, ...parts },
        { id: "other", region: "eu-central-1", fleet: other, ...parts },
      ],
      {
        time: new TimeScale(1_000),
        targets: () => {
          one.requests += 60_000;
          return { requests: one.requests, targets: 2 };
        },
        ask: (what, region) => asked.push(`${what} in ${region}`),
        log: (service, line) => lines.push(`${service}: ${line}`),
        machine: new Machine(1, () => 2 ** 34),
      },
    );
    try {
      all.start();
      await until("scaled", () => one.desired + other.desired === 12);
      assert.equal(asked[0], "change 2 to 8 servers of thing in eu-west-1");
      assert.ok(
        lines.some((line) => /thing in eu-central-1 stays at 4 servers, the most that/.test(line)),
        lines.join("\n"),
      );
      assert.equal(all.view("one")!.max, 8);
      assert.equal(all.view("none"), undefined);
    } finally {
      all.stop();
    }
  });
});

describe("a machine", () => {
  it("bears eight servers more per core, as far as its memory reaches", () => {
    const gigabytes = (number: number) => () => number * 2 ** 30;
    assert.equal(new Machine(2, gigabytes(16)).room(20, 0), 16);
    assert.equal(new Machine(2, gigabytes(16)).room(20, 15), 1);
    assert.equal(new Machine(2, gigabytes(16)).room(20, 17), 0);
    assert.equal(new Machine(2, gigabytes(0.75)).room(20, 0), 4);
    assert.equal(new Machine(2, gigabytes(0.25)).room(20, 0), 0);
  });
});
