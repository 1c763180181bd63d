import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { serviceNames } from "../../apps/catalog";
import { expectedOf } from "../../cli/verify/expected";
import { localTarget } from "../../cli/verify/local";
import { PROBE_CACHE_SECONDS, regionHealthCheck } from "../../infra/dns/failover-time";
import { signIn } from "../../local/cognito/sign-in";
import { Faults } from "../../local/faults/faults";
import type { FaultKind } from "../../local/faults/relay";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { nameChecks } from "../../verify/checks/names";
import { alive, until } from "../local/helpers/wait";
import { configOfTwoRegions, planTwoRegions, twoRegions } from "./helpers/two-regions";

const [west, central] = twoRegions;
const kinds: readonly FaultKind[] = ["refuse", "hang", "vanish"];
/** Checks come every second, and three must fail. */
const timeScale = 10;
const { intervalSeconds, failureThreshold } = regionHealthCheck;
/** What is planned until a name moves, but for what clients keep: the last good probe, and three checks. */
const plannedMs = ((intervalSeconds * failureThreshold + PROBE_CACHE_SECONDS) / timeScale) * 1_000;
/** The time limit of the last check, and what a busy machine takes longer. */
const lateMs = 600 + 3_000;
const food = { name: "Apple", category: "fruit", weightGrams: 180, price: { amount: 120 }, currency: "EUR" };

describe("the store of a region fails while all else is healthy", function () {
  this.timeout(120_000);
  const faults = new Faults();
  const stateDir = mkdtempSync(join(tmpdir(), "platform-"));
  let platform: RunningPlatform;
  let token: string;
  const log: string[] = [];

  before(async () => {
    const graph = await planTwoRegions();
    const options = { ...faults.options, graph, timeScale, stateDir, readySeconds: 110 };
    platform = await startPlatform({ ...options, log: (source, line) => log.push(`${source} ${line}`) });
    await faults.attach(platform);
    const issuerUrl = platform.endpoints.issuer;
    token = (await signIn({ issuerUrl, user: "ada", scopes: ["food-store/write"], groups: "all" })).accessToken;
    // A health check is healthy until it has failed three times, as it may while functions start.
    for (const [region, service] of twoRegions.flatMap((each) => serviceNames.map((name) => [each, name]))) {
      const asked = () => statusOf(`/${service}/healthz/region`, `${region}.api.dev.example.com`);
      await until(`${service} in ${region}`, async () => (await asked()) === 200 || sleep(500, false), 30_000);
    }
    await until("all healthy", () => platform.state().healthChecks.every(({ healthy }) => healthy), 20_000);
    assert.equal(await put("kept"), 200);
    await sleep(1_000); // The other region has it after a second, ten times faster.
  });
  afterEach(() => faults.endAll());
  after(async () => {
    await faults.endAll();
    await platform?.stop();
    await faults.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  async function ask(path: string, host: string, init: Parameters<typeof request>[1] = {}) {
    const answer = await request(`${platform.endpoints.global}${path}`, {
      ...init,
      headers: { ...init?.headers, host },
    });
    const json = (await answer.body.json()) as any;
    return { status: answer.statusCode, json };
  }
  async function statusOf(path: string, host: string): Promise<number> {
    const { statusCode, body } = await request(`${platform.endpoints.global}${path}`, { headers: { host } });
    await body.dump();
    return statusCode;
  }
  const put = async (id: string) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const path = `/food-store/foods/${id}`;
    return (await ask(path, "api.dev.example.com", { method: "PUT", headers, body: JSON.stringify(food) })).status;
  };
  const regionsOfNames = () => {
    const { names } = platform.state();
    const own = serviceNames.map((service) => names[`${service}.dev.example.com`]!);
    return new Set([names["api.dev.example.com"]!, ...own]);
  };
  const all = (region: string) => () => {
    const found = regionsOfNames();
    return found.size === 1 && found.has(region);
  };
  const pids = () =>
    platform
      .state()
      .workloads.filter(({ pattern }) => pattern !== "lambda")
      .flatMap(({ servers }) => servers.map(({ pid, health }) => `${pid} ${health}`));

  it("runs each service under another pattern", () => {
    const patterns = new Set(platform.state().workloads.map(({ pattern }) => pattern));
    for (const pattern of ["ec2", "ecs", "beanstalk", "lambda"]) assert.ok(patterns.has(pattern), pattern);
  });

  it("lists the services' own names in endpoints.json and the outputs, and npm run verify asks where they lead", async () => {
    const names = Object.fromEntries(serviceNames.map((name) => [name, `${name}.dev.example.com`]));
    assert.deepEqual(platform.endpoints.services, names);
    const urls = Object.fromEntries(serviceNames.map((name) => [name, `https://${name}.dev.example.com`]));
    for (const region of twoRegions)
      assert.deepEqual((platform.state().outputs["edge"] as any)[region].serviceUrls, urls);
    const target = await localTarget(platform.endpoints.console, expectedOf("dev", configOfTwoRegions()));
    const checks = nameChecks(target).filter(({ id }) =>
      (serviceNames as readonly string[]).includes(id.slice("names/".length)),
    );
    assert.deepEqual(
      checks.map(({ expected }) => expected),
      serviceNames.map((name) => `${name}.dev.example.com leads to ${west}`),
    );
    for (const { run } of checks) assert.equal(await run({} as never), undefined);
  });

  for (const kind of kinds) {
    it(`${kind}: every name is answered by the other region within the planned time, and returns; no server is stopped`, async () => {
      const servers = pids();
      const started = performance.now();
      const end = await faults.begin({ store: west }, kind);
      await until("moved", all(central), plannedMs + lateMs);
      const moved = Math.round(performance.now() - started);
      for (const [i, service] of serviceNames.entries()) {
        const { status, json } = await ask(`/${service}/healthz/region`, `${service}.dev.example.com`);
        assert.deepEqual([i, status, json.service], [i, 200, service]);
      }
      // What was stored in the primary region is read by the global name, and new items are stored.
      const read = await ask("/food-store/foods/kept", "api.dev.example.com");
      assert.deepEqual([read.status, read.json.name], [200, "Apple"]);
      assert.equal(await put(`during-${kind}`), 200);
      const failed = (await ask("/food-store/foods/kept", `${west}.api.dev.example.com`)).status;
      assert.equal(failed, 503);
      assert.deepEqual(pids(), servers);
      const ended = performance.now();
      await end();
      await until("returned", all(west), plannedMs + lateMs);
      const back = Math.round(performance.now() - ended);
      await until("replicated", async () => {
        return (await ask(`/food-store/foods/during-${kind}`, "api.dev.example.com")).status === 200;
      });
      assert.deepEqual(pids(), servers);
      console.log(`      moved after ${moved} ms, returned after ${back} ms; planned ${plannedMs} ms`);
    });

    it(`${kind} in both regions: nothing moves, and the primary answers`, async () => {
      const servers = pids();
      const ends = [await faults.begin({ store: central }, kind), await faults.begin({ store: west }, kind)];
      try {
        await until("ill", () => platform.state().healthChecks.every(({ healthy }) => !healthy), plannedMs + lateMs);
        // For as long again as a name takes to move.
        const end = Date.now() + plannedMs;
        while (Date.now() < end) {
          assert.deepEqual([...regionsOfNames()], [west]);
          await sleep(100);
        }
        assert.equal((await ask("/food-store/healthz", "api.dev.example.com")).status, 200);
        assert.deepEqual(pids(), servers);
      } finally {
        for (const end of ends) await end();
      }
      await until(
        "well again",
        () => platform.state().healthChecks.every(({ healthy }) => healthy),
        plannedMs + lateMs,
      );
      assert.deepEqual([...regionsOfNames()], [west]);
    });
  }

  it("says that the name was not found where it vanished", () => {
    assert.ok(log.some((line) => /ENOTFOUND dynamodb\.eu-west-1\.localhost/.test(line)));
    assert.ok(log.some((line) => /ECONNREFUSED/.test(line)));
  });

  const serversIn = (zone: string) =>
    platform
      .state()
      .workloads.filter(({ pattern }) => pattern !== "lambda")
      .flatMap(({ servers }) => servers.filter((server) => server.zone === zone && server.pid !== undefined));
  const count = () => platform.state().workloads.flatMap(({ servers, desired }) => (desired > 0 ? servers : [])).length;

  it("a zone refuses: nothing runs or starts in it, the others answer, and it takes servers again", async () => {
    const zone = `${west}a`;
    const before = count();
    assert.ok(serversIn(zone).length >= 3);
    const end = await faults.begin({ zone }, "refuse");
    await until("empty", () => serversIn(zone).filter(({ pid }) => alive(pid!)).length === 0);
    await until(
      "answered by the others",
      async () => {
        const answers = await Promise.all(
          Array.from({ length: 8 }, () => statusOf("/shipping/healthz", `${west}.api.dev.example.com`)),
        );
        // Asked at once again, the gateway's limit of the route would answer.
        await sleep(1_000);
        return answers.every((status) => status === 200);
      },
      15_000,
    );
    assert.equal(serversIn(zone).filter(({ pid }) => alive(pid!)).length, 0);
    await end();
    const healthy = () =>
      platform
        .state()
        .workloads.every(({ servers, desired }) => desired === 0 || servers.every((each) => each.health === "healthy"));
    await until("all servers again", () => count() === before && healthy(), 40_000);
    await until("returned", all(west), 15_000);
  });

  it("a zone hangs: its processes stand still until it ends", async () => {
    const zone = `${west}b`;
    const end = await faults.begin({ zone }, "hang");
    const stat = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "")[0];
    await until("still", () => serversIn(zone).every(({ pid }) => stat(pid!) === "T"));
    await end();
    assert.ok(serversIn(zone).every(({ pid }) => stat(pid!) !== "T"));
    await until("returned", all(west), 30_000);
  });

  it("a zone finds no names: its servers say so, and those of the other zone do not", async () => {
    const zone = `${central}a`;
    const blind = serversIn(zone).length;
    assert.ok(blind > 0);
    const end = await faults.begin({ zone }, "vanish");
    const statuses = new Set<number>();
    await until(
      "both answers",
      async () => {
        statuses.add(await statusOf("/price-calculator/healthz/region", `${central}.api.dev.example.com`));
        await sleep(20);
        return statuses.has(200) && statuses.has(503);
      },
      10_000,
    );
    await end();
    await until("well", () => platform.state().healthChecks.every(({ healthy }) => healthy), 20_000);
  });

  for (const kind of kinds) {
    it(`a whole region fails (${kind}): its names move, and return`, async () => {
      const end = await faults.begin({ region: west }, kind);
      await until("moved", all(central), plannedMs + lateMs);
      assert.equal((await ask("/food-store/foods/kept", "api.dev.example.com")).status, 200);
      await end();
      await until("returned", all(west), plannedMs + lateMs);
      assert.equal((await ask("/food-store/foods/kept", "api.dev.example.com")).status, 200);
    });
  }
});
