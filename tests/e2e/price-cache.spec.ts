import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { planStack } from "../../graph/plan";
import { signIn } from "../../local/cognito/sign-in";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { changedValues } from "../helpers/configuration";
import { until } from "../local/helpers/wait";

const food = { name: "Apple", category: "fruit", weightGrams: 180, currency: "EUR" };

describe("prices that events keep new", function () {
  this.timeout(90_000);
  const stateDir = mkdtempSync(join(tmpdir(), "platform-"));
  let platform: RunningPlatform;
  let token: string;
  const stopped: number[] = [];

  before(async () => {
    const config = changedValues("dev", (values) => {
      // So old that a price which changes was not asked for.
      values.services["price-calculator"].variables = { PRICE_MAX_AGE_SECONDS: "3600" };
    });
    const graph = await planStack("dev", { config });
    platform = await startPlatform({ graph, stateDir, readySeconds: 80, log: () => {} });
    ({ accessToken: token } = await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" }));
  });
  after(async () => {
    for (const pid of stopped) process.kill(pid, "SIGCONT");
    await platform?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  async function put(path: string, body: object) {
    const answer = await request(platform.endpoints.global + path, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: answer.statusCode, json: (await answer.body.json()) as any };
  }
  const price = (amount: number, id = "apple-1") => put(`/food-store/foods/${id}`, { ...food, price: { amount } });
  const quote = (id = "apple-1") =>
    put("/price-calculator/quotes/q-1", { taxPercent: 0, lines: [{ kind: "food", id, quantity: 1 }] });
  async function quoted(amount: number): Promise<boolean> {
    await sleep(100);
    return (await quote()).json.total?.amount === amount;
  }

  it("change in quotes soon after they have changed in the store", async () => {
    assert.equal((await price(100)).status, 200);
    assert.equal(await quoted(100), true);
    for (const amount of [200, 300]) {
      await price(amount);
      await until(`a quote at ${amount}`, () => quoted(amount), 15_000);
    }
  });

  it("are quoted while the store does not answer, and those that are not kept are not", async () => {
    assert.equal((await price(50, "pear-1")).status, 200);
    assert.equal((await quote()).status, 200);
    const { servers } = platform.state().workloads.find(({ service }) => service === "food-store")!;
    for (const { pid } of servers) {
      process.kill(pid!, "SIGSTOP");
      stopped.push(pid!);
    }
    const kept = await quote();
    assert.deepEqual([kept.status, kept.json.total.amount], [200, 300]);
    const { status } = await quote("unknown-1");
    assert.equal(status, 503);
    for (const pid of stopped.splice(0)) process.kill(pid, "SIGCONT");
  });
});
