import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { TargetGroup, type TargetGroupSpec } from "../../../local/elb/target-group";
import type { Registration } from "../../../local/processes/registration";
import { TimeScale } from "../../../local/time-scale";
import { until } from "../helpers/wait";

const spec: TargetGroupSpec = {
  key: "targets",
  algorithm: "round_robin",
  path: "/healthz",
  matcher: "200",
  intervalSeconds: 10,
  timeoutSeconds: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  deregistrationSeconds: 30,
  minimumHealthyTargets: 1,
};
/** A check every 20 ms. */
const time = new TimeScale(500);

describe("target group", () => {
  const servers: { status: number; checks: number; server: Server; origin: string }[] = [];
  const registrations: Registration[] = [];

  beforeEach(async () => {
    for (let i = 0; i < 3; i++) {
      const entry = {
        status: 200,
        checks: 0,
        origin: "",
        server: createServer((_, response) => {
          entry.checks++;
          response.statusCode = entry.status;
          response.end();
        }),
      };
      await new Promise<void>((resolve) => entry.server.listen(0, "127.0.0.1", resolve));
      entry.origin = `http://127.0.0.1:${(entry.server.address() as AddressInfo).port}`;
      servers.push(entry);
    }
  });

  afterEach(() => {
    for (const registration of registrations.splice(0)) void registration.deregister();
    for (const { server } of servers.splice(0)) server.close();
  });

  function register(group: TargetGroup, origins: readonly string[], onUnhealthy = () => {}): Registration[] {
    const made = origins.map((origin, i) => group.register({ id: `${i}`, origin }, false, onUnhealthy));
    registrations.push(...made);
    return made;
  }

  function picks(group: TargetGroup, count: number): Record<string, number> {
    const counts: Record<string, number> = {};
    for (let i = 0; i < count; i++) {
      const choice = group.pick();
      const origin = choice.kind === "server" ? choice.origin : "none";
      counts[origin] = (counts[origin] ?? 0) + 1;
      if (choice.kind === "server") choice.requestEnded();
    }
    return counts;
  }

  it("has no server without targets", () => {
    assert.deepEqual(new TargetGroup(spec, time).pick(), { kind: "none", via: "balancer" });
  });

  it("takes turns over healthy targets, each after one pass", async () => {
    const group = new TargetGroup(spec, time);
    const made = register(
      group,
      servers.map(({ origin }) => origin),
    );
    assert.deepEqual(
      made.map(({ health }) => health),
      ["initial", "initial", "initial"],
    );
    await Promise.all(made.map(({ healthy }) => healthy));
    assert.deepEqual(
      servers.map(({ checks }) => checks),
      [1, 1, 1],
    );
    assert.deepEqual(picks(group, 9), Object.fromEntries(servers.map(({ origin }) => [origin, 3])));
  });

  it("takes a target out after two failures and back in after two passes", async () => {
    const group = new TargetGroup(spec, time);
    const made = register(
      group,
      servers.map(({ origin }) => origin),
    );
    await Promise.all(made.map(({ healthy }) => healthy));
    const [sick] = servers;
    const before = sick!.checks;
    sick!.status = 500;
    await until("unhealthy", () => made[0]!.health === "unhealthy");
    assert.equal(sick!.checks - before, 2);
    assert.deepEqual(picks(group, 4), { [servers[1]!.origin]: 2, [servers[2]!.origin]: 2 });
    const ill = sick!.checks;
    sick!.status = 200;
    await until("healthy", () => made[0]!.health === "healthy");
    assert.equal(sick!.checks - ill, 2);
  });

  it("tells after every check that a target is unhealthy", async () => {
    let told = 0;
    servers[0]!.status = 503;
    register(new TargetGroup(spec, time), [servers[0]!.origin], () => told++);
    await until("told twice", () => told >= 2);
    assert.equal(servers[0]!.checks - told, 1);
  });

  it("fails open when fewer are healthy than planned", async () => {
    const group = new TargetGroup({ ...spec, minimumHealthyTargets: 2 }, time);
    servers[0]!.status = 500;
    servers[1]!.status = 500;
    const made = register(
      group,
      servers.map(({ origin }) => origin),
    );
    await until("two unhealthy", () => made.filter(({ health }) => health === "unhealthy").length === 2);
    assert.equal(made[2]!.health, "healthy");
    assert.equal(Object.keys(picks(group, 3)).length, 3);
    servers[0]!.status = 200;
    await until("healthy again", () => made[0]!.health === "healthy");
    assert.deepEqual(Object.keys(picks(group, 4)).sort(), [servers[0]!.origin, servers[2]!.origin].sort());
  });

  it("keeps a dead server in rotation until its checks have failed", async () => {
    const group = new TargetGroup({ ...spec, intervalSeconds: 100 }, time);
    const made = register(
      group,
      servers.slice(0, 2).map(({ origin }) => origin),
    );
    await Promise.all(made.map(({ healthy }) => healthy));
    servers[0]!.server.close();
    assert.equal(picks(group, 4)[servers[0]!.origin], 2);
    await until("unhealthy", () => made[0]!.health === "unhealthy");
    assert.equal(picks(group, 4)[servers[0]!.origin], undefined);
  });

  it("gives requests to the target with the fewest in flight when planned", async () => {
    const group = new TargetGroup({ ...spec, algorithm: "least_outstanding_requests" }, time);
    const made = register(
      group,
      servers.map(({ origin }) => origin),
    );
    await Promise.all(made.map(({ healthy }) => healthy));
    const busy = group.pick();
    const others = picks(group, 6);
    assert.ok(busy.kind === "server" && others[busy.origin] === undefined);
    assert.equal(Object.keys(others).length, 2);
    busy.requestEnded();
    busy.requestEnded();
    assert.equal(Object.keys(picks(group, 6)).length, 3);
  });

  it("keeps a target whose failures are not consecutive", async () => {
    const group = new TargetGroup(spec, time);
    const [entry] = servers;
    entry!.server.prependListener("request", () => {
      entry!.status = entry!.checks % 3 === 2 ? 500 : 200;
    });
    let told = 0;
    register(group, [entry!.origin], () => told++);
    await until("checked", () => entry!.checks >= 8);
    assert.equal(told, 0);
  });

  it("waits for requests in flight when a target leaves, but gives it no new ones", async () => {
    const group = new TargetGroup(spec, time);
    const [made] = register(group, [servers[0]!.origin]);
    await made!.healthy;
    const choice = group.pick();
    let left = false;
    const leaving = made!.deregister().then(() => {
      left = true;
    });
    assert.equal(group.pick().kind, "none");
    await sleep(10);
    assert.equal(left, false);
    if (choice.kind === "server") choice.requestEnded();
    await leaving;
  });

  it("lets a target go after the deregistration delay at the latest", async () => {
    const group = new TargetGroup(spec, time);
    const [made] = register(group, [servers[0]!.origin]);
    await made!.healthy;
    group.pick();
    const started = Date.now();
    const hold = setTimeout(() => {}, 1_000);
    await made!.deregister();
    clearTimeout(hold);
    const elapsed = Date.now() - started;
    assert.ok(elapsed >= 55 && elapsed < 600, `${elapsed} ms, 30 s at scale 500 are 60`);
  });
});
