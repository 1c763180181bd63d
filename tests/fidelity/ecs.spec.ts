import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startContainerChecks } from "../../local/processes/health-command";
import { Reaper } from "../../local/processes/reaper";
import { ecsReplacement } from "../../local/processes/replacement";
import type { ContainerCheck } from "../../local/processes/server-group";
import { TimeScale } from "../../local/time-scale";
import { until as waitUntil } from "../local/helpers/wait";
import { containerCheck, Fleet, longestMs, runs } from "./fleet";

const until = (what: string, isTrue: () => unknown) => waitUntil(what, isTrue, longestMs);

/** Each block names the page that says what is tested. */
describe("local ECS services behave as those of AWS", function () {
  this.timeout(3 * longestMs);
  const fleet = new Fleet();

  afterEach(() => fleet.stop());
  after(() => fleet.remove());

  // https://docs.docker.com/reference/dockerfile/#healthcheck, which
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html passes on
  describe("container checks", () => {
    const folder = mkdtempSync(join(tmpdir(), "fidelity-checks-"));
    const well = join(folder, "well");
    const script = `process.exit(require("node:fs").existsSync(${JSON.stringify(well)}) ? 0 : 1)`;
    const check: ContainerCheck = {
      command: ["node", "-e", script],
      intervalSeconds: 10,
      timeoutSeconds: 5,
      retries: 2,
      startPeriodSeconds: 0,
    };
    let reaper: Reaper;
    let stopChecks = () => {};

    beforeEach(() => {
      reaper = new Reaper();
      rmSync(well, { force: true });
    });
    afterEach(async () => {
      stopChecks();
      await reaper.stop();
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    /** Starts checks at an interval of 200 ms; returns their results with the time since the start. */
    function results(change: Partial<ContainerCheck> = {}, firstAtOnce = false): [healthy: boolean, ms: number][] {
      const found: [boolean, number][] = [];
      const started = performance.now();
      stopChecks = startContainerChecks({
        check: { ...check, ...change },
        cwd: folder,
        env: {},
        time: new TimeScale(50),
        reaper,
        firstAtOnce,
        onResult: (healthy) => found.push([healthy, performance.now() - started]),
      });
      return found;
    }

    it("run first an interval after the start, except for what ran before the platform", async () => {
      writeFileSync(well, "");
      const first = results();
      await until("checked", () => first.length > 0);
      assert.ok(first[0]![1] >= 200, `${first[0]![1]} ms`);
      stopChecks();
      const again = results({ intervalSeconds: 100 }, true);
      await until("checked at once", () => again.length > 0);
      assert.ok(again[0]![1] < 2_000, `${again[0]![1]} ms, an interval is 2 s`);
    });

    it("do not count failures of the start period", async () => {
      const found = results({ startPeriodSeconds: 60 });
      await sleep(1_000);
      assert.deepEqual(found, []);
      await until("unhealthy after it", () => found.length > 0);
      assert.equal(found[0]![0], false);
      assert.ok(found[0]![1] >= 1_200, `${found[0]![1]} ms`);
    });

    it("count them once a check has passed in it", async () => {
      writeFileSync(well, "");
      const found = results({ startPeriodSeconds: 100_000 });
      await until("passed", () => found.length > 0);
      rmSync(well);
      assert.equal(existsSync(well), false);
      await until("unhealthy", () => found.at(-1)![0] === false);
    });
  });

  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html (healthCheckGracePeriodSeconds)
  describe("the grace period", () => {
    it("keeps the scheduler from replacing a task that fails its container check, and no health from discovery", async () => {
      const service = fleet.ecs({ desired: 1, containerGraceSeconds: 100_000 });
      await service.start();
      const before = fleet.cloudMap.discover("ALL");
      await fleet.sicken(before);
      await until("unhealthy", () => fleet.cloudMap.discover("HEALTHY").length === 0);
      await sleep(500);
      assert.equal(service.views().length, 1);
      assert.deepEqual(fleet.cloudMap.discover("ALL"), before);
      assert.ok(!fleet.logs.some((line) => line.includes("is replaced")));
    });

    it("is over for an older task", async () => {
      const service = fleet.ecs({ desired: 1, containerGraceSeconds: 1 });
      await service.start();
      await sleep(50);
      await fleet.sicken(fleet.cloudMap.discover("ALL"));
      await until("successor", () => service.views().length === 2);
    });
  });

  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
  describe("the percentages", () => {
    it("decide how many tasks are replaced at a time, rounded down", () => {
      for (const [desired, maximum, expected] of [
        [3, 200, { atATime: 3, newServer: "before" }],
        [3, 150, { atATime: 1, newServer: "before" }],
        [4, 150, { atATime: 2, newServer: "before" }],
        [1, 150, { atATime: 1, newServer: "after" }],
        [3, 100, { atATime: 1, newServer: "after" }],
      ] as const) {
        assert.deepEqual(ecsReplacement(desired, maximum), expected, `${desired} tasks, ${maximum} %`);
      }
    });

    it("let all unhealthy tasks be replaced at once where there is room, new ones first", async () => {
      // A successor is not healthy before its first check, an interval of half a second after its start.
      const check = { ...containerCheck, intervalSeconds: 50 };
      const service = fleet.ecs({ desired: 3, containerCheck: check, replacement: ecsReplacement(3, 200) });
      await service.start();
      const before = service.views().map(({ pid }) => pid!);
      let most = 0;
      const count = setInterval(() => {
        most = Math.max(most, service.views().length);
      }, 2);
      await fleet.sicken(fleet.cloudMap.discover("ALL"));
      await until("three new ones", () => service.views().length === 3 && !before.some(runs));
      clearInterval(count);
      assert.equal(most, 6);
    });

    it("make a service without room stop a task before it starts the next", async () => {
      const service = fleet.ecs({ desired: 2, replacement: ecsReplacement(2, 100) });
      await service.start();
      const before = service.views().map(({ pid }) => pid!);
      let most = 0;
      const count = setInterval(() => {
        most = Math.max(most, service.views().length);
      }, 2);
      await fleet.sicken(fleet.cloudMap.discover("ALL"));
      await until("all replaced", () => service.views().length === 2 && !before.some(runs));
      clearInterval(count);
      assert.equal(most, 2);
    });
  });

  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
  it("start another task for one that ended, and deregister the old one", async () => {
    const service = fleet.ecs({ desired: 1 });
    await service.start();
    const [old] = fleet.cloudMap.discover("ALL");
    process.kill(service.views()[0]!.pid!, "SIGKILL");
    await until("another task", () => {
      const [found] = fleet.cloudMap.discover("ALL");
      return found !== undefined && found.id !== old!.id;
    });
  });
});
