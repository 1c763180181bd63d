import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import type { Graph } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { patternNames } from "../../infra/compute/registry";
import { signIn } from "../../local/cognito/sign-in";
import { Faults } from "../../local/faults/faults";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { changedValues } from "../helpers/configuration";
import { until } from "../local/helpers/wait";
import { planTwoRegions, twoRegions } from "./helpers/two-regions";

const [west, central] = twoRegions;
const replicationSeconds = 2;
const basket = "/price-calculator/basket";
const food = { name: "Apple", category: "fruit", weightGrams: 180, price: { amount: 120 }, currency: "EUR" };

/** A platform, and what shoppers send to it. */
class Shop {
  readonly log: string[] = [];
  readonly faults = new Faults();
  private readonly stateDir = mkdtempSync(join(tmpdir(), "platform-"));
  private readonly tokens = new Map<string, string>();
  platform!: RunningPlatform;

  async start(graph: Graph): Promise<void> {
    this.platform = await startPlatform({
      ...this.faults.options,
      graph,
      stateDir: this.stateDir,
      replicationSeconds,
      readySeconds: 110,
      log: (source, line) => this.log.push(`${source} ${line}`),
    });
    await this.faults.attach(this.platform);
    for (const user of ["ada", "bob"]) {
      const { accessToken } = await signIn({ issuerUrl: this.platform.endpoints.issuer, user, groups: "all" });
      this.tokens.set(user, accessToken);
    }
  }

  async stop(): Promise<void> {
    await this.faults.endAll();
    await this.platform?.stop();
    await this.faults.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  async send(
    url: string,
    method: "GET" | "PUT" | "POST" | "DELETE",
    path: string,
    { id = "", body = {}, user = "ada", key = "" },
  ) {
    const answer = await request(url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.tokens.get(user)}`,
        ...(id !== "" && { "session-id": id }),
        ...(key !== "" && { "idempotency-key": key }),
        ...(method !== "GET" && { "content-type": "application/json" }),
      },
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await answer.body.json()) as any;
    return { status: answer.statusCode, json, lines: json.lines };
  }

  /** Asks until the server that a gateway chooses is there: one that was killed is chosen until its health check has failed. */
  async eventually<Answer extends { readonly status: number }>(
    what: string,
    status: number,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    let answer: Answer | undefined;
    const answered = async () => {
      answer = await ask().catch(() => undefined);
      return answer?.status === status;
    };
    await until(what, answered, 40_000);
    return answer!;
  }

  async kill(service: string): Promise<number> {
    const { servers } = this.platform.state().workloads.find((each) => each.service === service)!;
    const pids = servers.flatMap(({ pid }) => pid ?? []);
    for (const pid of pids) process.kill(pid, "SIGKILL");
    return pids.length;
  }
}

for (const pattern of patternNames) {
  describe(`a basket under ${pattern}`, function () {
    this.timeout(120_000);
    const shop = new Shop();
    before(async () => {
      const config = changedValues("dev", (values) => {
        values.services["price-calculator"] = { pattern };
      });
      await shop.start(await planStack("dev", { config }));
    });
    after(() => shop.stop());

    it("is there after all servers were killed", async () => {
      const { global } = shop.platform.endpoints;
      const started = await shop.send(global, "POST", basket, {});
      assert.equal(started.status, 200, JSON.stringify(started.json));
      const id: string = started.json.sessionId;
      const line = { kind: "food", quantity: 3 };
      const put = await shop.send(global, "PUT", `${basket}/lines/apple-1`, { id, body: line });
      assert.deepEqual([put.status, put.lines], [200, [{ ...line, id: "apple-1" }]]);
      assert.ok((await shop.kill("price-calculator")) > 0, "there is a server to kill");
      const read = (status: number, more: { id: string; user?: string }) =>
        shop.eventually("the basket", status, () => shop.send(global, "GET", basket, more));
      assert.deepEqual((await read(200, { id })).lines, put.lines);
      const other = await read(404, { id, user: "bob" });
      const none = await read(404, { id: "A".repeat(43) });
      assert.deepEqual(other.json, none.json);
      assert.equal(none.json.code, "session_not_found");
      assert.ok(!shop.log.join("\n").includes(id), "a log has the id");
    });
  });
}

describe("a basket in two regions", function () {
  this.timeout(120_000);
  const shop = new Shop();
  const at = (region: string) => shop.platform.endpoints.regions[region]!.http;
  const lag = () => sleep(replicationSeconds * 1_000 + 500);
  const lineOf = (quantity: number) => ({ kind: "food", quantity });
  const put = (region: string, id: string, quantity: number) =>
    shop.send(at(region), "PUT", `${basket}/lines/apple-1`, { id, body: lineOf(quantity) });
  const quantities = async (region: string, id: string) =>
    (await shop.send(at(region), "GET", basket, { id })).lines?.map((each: any) => each.quantity);
  async function started(region: string): Promise<string> {
    const { status, json } = await shop.send(at(region), "POST", basket, {});
    assert.equal(status, 200, JSON.stringify(json));
    return json.sessionId;
  }

  before(async () => {
    await shop.start(await planTwoRegions());
    const path = "/food-store/foods/apple-1";
    assert.equal((await shop.send(at(west), "PUT", path, { body: food })).status, 200);
    await lag();
    // A gateway without traffic would not have the issuer's keys when the region of the issuer is lost.
    assert.equal((await shop.send(at(central), "GET", basket, { id: "A".repeat(43) })).status, 404);
  });
  afterEach(() => shop.faults.endAll());
  after(() => shop.stop());

  it("goes on in the other region when its own is lost, is quoted there, and has both regions' lines afterwards", async () => {
    const id = await started(west);
    await put(west, id, 3);
    await lag();
    const end = await shop.faults.begin({ region: west }, "refuse");
    assert.deepEqual(await quantities(central, id), [3]);
    assert.deepEqual((await put(central, id, 5)).status, 200);
    const quoted = await shop.send(at(central), "POST", `${basket}/quote`, {
      ...{ id, key: "one-key", body: { taxPercent: 10 } },
    });
    assert.deepEqual([quoted.status, quoted.json.subtotal], [200, { amount: 600 }], JSON.stringify(quoted.json));
    await end();
    await until("the change in the region that was lost", async () => (await quantities(west, id))?.[0] === 5, 20_000);
  });

  it("is not in the other region before the lag has passed, as the documents say", async () => {
    const id = await started(west);
    const early = await shop.send(at(central), "GET", basket, { id });
    assert.deepEqual([early.status, early.json.code], [404, "session_not_found"]);
    await put(west, id, 1);
    await lag();
    await put(west, id, 2);
    assert.deepEqual(await quantities(central, id), [1]);
    await lag();
    assert.deepEqual(await quantities(central, id), [2]);
  });

  it("that two regions change within the lag has the later change in both", async () => {
    const id = await started(west);
    await lag();
    assert.equal((await put(west, id, 1)).status, 200);
    assert.equal((await put(central, id, 2)).status, 200);
    await lag();
    assert.deepEqual([await quantities(west, id), await quantities(central, id)], [[2], [2]]);
  });

  it("that was ended is over in both regions, when the lag has passed", async () => {
    const id = await started(west);
    await put(west, id, 1);
    await lag();
    assert.equal((await shop.send(at(west), "DELETE", basket, { id })).status, 200);
    await lag();
    for (const region of twoRegions) {
      const { status, json } = await shop.send(at(region), "GET", basket, { id });
      assert.deepEqual([status, json.code], [404, "session_not_found"]);
    }
  });
});
