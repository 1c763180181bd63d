import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { replanned } from "../conformance/plans";
import { until } from "../local/helpers/wait";

/** What is read of services under the patterns ec2, ecs and beanstalk; each answers that it has none. */
const paths = {
  shipping: "/shipping/shipments/none",
  "food-store": "/food-store/foods/none",
  "price-calculator": "/price-calculator/quotes/none",
} as const;
const services = Object.keys(paths) as (keyof typeof paths)[];
const requestsPerSecond = 25;

describe("capacity under load", function () {
  this.timeout(180_000);
  const state = mkdtempSync(join(tmpdir(), "platform-"));
  const lines: string[] = [];
  const statuses: (number | string)[] = [];
  let platform: RunningPlatform;
  let stopLoad = async () => {};

  before(async () => {
    const { graph } = await replanned("dev", (config) => {
      config.throttle = { rate: 2_000, burst: 1_000 };
      // What a few requests a second exceed, and health checks alone do not.
      config.services["shipping"].ec2.requestsPerSecond = 3;
      config.services["food-store"].scaling.cpuPercent = 6;
      config.services["price-calculator"].scaling.cpuPercent = 2;
      config.services["price-calculator"].capacity.size = "medium";
    });
    const log = (source: string, line: string) => lines.push(`${source}: ${line}`);
    platform = await startPlatform({ graph, stateDir: state, log, timeScale: 50 });
  });

  after(async () => {
    await stopLoad();
    await platform?.stop();
    rmSync(state, { recursive: true, force: true });
  });

  const of = (service: string) => platform.state().workloads.find((each) => each.service === service)!;
  const counts = () => services.map((service) => of(service).desired);
  const healthy = () => services.map((each) => of(each).servers.filter(({ health }) => health === "healthy").length);
  const atMinimum = () => services.map((service) => of(service).scaling!.min);

  /** Sends the same number of requests a second to each service until it is stopped. */
  function load(): () => Promise<void> {
    let on = true;
    const http = platform.endpoints.regions["eu-west-1"]!.http;
    const ask = async (service: keyof typeof paths) => {
      const headers = { host: "api.dev.example.com" };
      const status = await request(`${http}${paths[service]}`, { headers }).then(
        async (answer) => {
          await answer.body.dump();
          return answer.statusCode;
        },
        (error: Error) => error.message,
      );
      statuses.push(status);
    };
    const sending = (async () => {
      const open: Promise<void>[] = [];
      while (on) {
        open.push(...services.map(ask));
        await sleep(1_000 / requestsPerSecond);
      }
      await Promise.all(open);
    })();
    return () => {
      on = false;
      return sending;
    };
  }

  it("grows with it within the planned bounds, shrinks after it, and no request fails", async () => {
    const least = atMinimum();
    assert.deepEqual([counts(), least], [least, [2, 2, 2]]);
    stopLoad = load();
    await until("grown", () => healthy().every((count, i) => count > least[i]!), 60_000);
    for (const service of services) {
      const { desired, scaling, servers } = of(service);
      assert.ok(desired <= scaling!.max, `${service} ${desired}`);
      assert.match(scaling!.last!, /^[23] to [34] servers, as (cpu|requests) is /);
      // Balanced: no zone has two more than another.
      const sizes = ["a", "b"].map((zone) => servers.filter((each) => each.zone === `eu-west-1${zone}`).length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, JSON.stringify(servers));
    }
    await stopLoad();
    await until("shrunk", () => counts().every((count, i) => count === least[i]), 60_000);
    await until("drained", () => services.every((service, i) => of(service).servers.length === least[i]), 15_000);
    assert.ok(statuses.length > 100, String(statuses.length));
    assert.deepEqual([...new Set(statuses)], [404], lines.filter((line) => line.includes("scales")).join("\n"));
  });
});
