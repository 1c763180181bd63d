import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { signIn, type Tokens } from "../../local/cognito/sign-in";
import { Faults } from "../../local/faults/faults";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { until } from "../local/helpers/wait";
import { planTwoRegions, twoRegions } from "./helpers/two-regions";

const [west, central] = twoRegions;
const replicationSeconds = 2;
const food = { name: "Apple", category: "fruit", weightGrams: 180, price: { amount: 120 }, currency: "EUR" };
const quote = { taxPercent: 10, lines: [{ kind: "food", id: "apple-1", quantity: 1 }] };
const shipment = catalog.shipping.definitions["post-shipment"].sample;

const quotes = "/price-calculator/quotes";
const shipments = "/shipping/shipments";

/** Renews an access token as a browser does, with the refresh token of its sign-in. */
async function renew(issuerUrl: string, { accessToken, refreshToken }: Tokens): Promise<string> {
  const { client_id } = JSON.parse(Buffer.from(accessToken.split(".")[1]!, "base64url").toString());
  const form = new URLSearchParams({ grant_type: "refresh_token", client_id, refresh_token: refreshToken });
  const answer = await request(`${issuerUrl}/oauth2/token`, {
    ...{ method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: String(form) },
  });
  assert.equal(answer.statusCode, 200);
  return ((await answer.body.json()) as { access_token: string }).access_token;
}

describe("a POST with an idempotency key, in two regions", function () {
  this.timeout(120_000);
  const faults = new Faults();
  const stateDir = mkdtempSync(join(tmpdir(), "platform-"));
  let platform: RunningPlatform;
  let token: string;
  const log: string[] = [];

  before(async () => {
    const graph = await planTwoRegions(({ services }) => {
      // A quote that is made anew has the price of that moment.
      services["price-calculator"].variables = { PRICE_MAX_AGE_SECONDS: "0" };
      services["price-calculator"].routes = { "post-quote": { throttle: { rate: 100, burst: 200 } } };
    });
    platform = await startPlatform({
      ...faults.options,
      graph,
      stateDir,
      replicationSeconds,
      readySeconds: 110,
      log: (source, line) => log.push(`${source} ${line}`),
    });
    await faults.attach(platform);
    ({ accessToken: token } = await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" }));
    await price(120);
    await lag();
    // Where servers have just started on a busy machine, the first calls between services may be late.
    for (const region of twoRegions) {
      await until(
        "a quote",
        async () => (await send(region, "POST", quotes, quote, randomUUID())).status === 200,
        30_000,
      );
    }
  });
  afterEach(() => faults.endAll());
  after(async () => {
    await faults.endAll();
    await platform?.stop();
    await faults.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  async function send(
    region: string,
    method: "PUT" | "POST",
    path: string,
    body: object,
    key?: string,
    by: string = token,
  ) {
    const answer = await request(platform.endpoints.regions[region]!.http + path, {
      method,
      headers: {
        authorization: `Bearer ${by}`,
        "content-type": "application/json",
        ...(key !== undefined && { "idempotency-key": key }),
      },
      body: JSON.stringify(body),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }
  /** Sends a request again while the first with its key is not answered, as a client would. */
  async function ended(region: string, path: string, body: object, key: string) {
    for (;;) {
      const answer = await send(region, "POST", path, body, key);
      if (answer.status !== 409 && answer.status !== 429) return answer;
      await sleep(200);
    }
  }
  /** Changes what the food costs, so that a quote that is made anew differs. */
  async function price(amount: number): Promise<void> {
    const answer = await send(west, "PUT", "/food-store/foods/apple-1", { ...food, price: { amount } });
    assert.equal(answer.status, 200);
  }
  const lag = () => sleep(replicationSeconds * 1_000 + 500);

  it("has one effect when it comes twice, and when it comes 20 times at the same moment", async () => {
    const key = randomUUID();
    const first = await send(west, "POST", quotes, quote, key);
    assert.equal(first.status, 200, first.text);
    await price(777);
    assert.deepEqual(await send(west, "POST", quotes, quote, key), first);
    const many = randomUUID();
    const answers = await Promise.all(Array.from({ length: 9 }, () => ended(west, quotes, quote, many)));
    assert.equal(JSON.parse(answers[0]!.text).total.amount, 855);
    assert.equal(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1);
    await price(120);
  });

  it("is of the caller and not of the token: a renewed one and one of another sign-in have the same answer", async () => {
    const key = randomUUID();
    const issuerUrl = platform.endpoints.issuer;
    const first = await send(west, "POST", quotes, quote, key);
    assert.equal(first.status, 200, first.text);
    const signedIn = await signIn({ issuerUrl, user: "ada", groups: "all" });
    const renewed = await renew(issuerUrl, signedIn);
    assert.equal(new Set([token, signedIn.accessToken, renewed]).size, 3);
    for (const each of [signedIn.accessToken, renewed]) {
      assert.deepEqual(await send(west, "POST", quotes, quote, key, each), first);
    }
    const { accessToken: bobs } = await signIn({ issuerUrl, user: "bob", groups: "all" });
    const other = await send(west, "POST", quotes, quote, key, bobs);
    assert.equal(other.status, 200, other.text);
    assert.notEqual(JSON.parse(other.text).id, JSON.parse(first.text).id);
  });

  it("has one effect in the other region too, when the lag of replication has passed", async () => {
    const key = randomUUID();
    assert.equal(platform.endpoints.replicationSeconds, replicationSeconds);
    const first = await send(west, "POST", quotes, quote, key);
    assert.equal(first.status, 200, first.text);
    await price(888);
    await lag();
    assert.deepEqual(await send(central, "POST", quotes, quote, key), first);
    const anew = await send(central, "POST", quotes, quote, randomUUID());
    assert.match(anew.text, /"unitPrice":\{"amount":888\}/);
    const other = await send(central, "POST", quotes, { ...quote, taxPercent: 20 }, key);
    assert.deepEqual([other.status, JSON.parse(other.text).code], [422, "idempotency_key_reused"]);
    await price(120);
  });

  it("makes one thing of two requests in two regions within the lag, as its id comes from the key", async () => {
    const key = randomUUID();
    const both = await Promise.all(twoRegions.map((region) => send(region, "POST", quotes, quote, key)));
    const ids = both.map(({ status, text }) => [status, JSON.parse(text).id]);
    assert.deepEqual(ids[0], ids[1]);
    assert.equal(ids[0]![0], 200);
  });

  it("does the work once in both regions at the same moment, where the key has a home region", async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const key = randomUUID();
      // Two bodies, of which only one can be done.
      const bodies = [shipment, { ...shipment, recipient: "Bob" }];
      const answers = await Promise.all(
        twoRegions.flatMap((region) => bodies.map((body) => ended(region, shipments, body, key))),
      );
      const done = answers.filter(({ status }) => status === 200);
      const refused = answers.filter(({ status, text }) => status === 422 && text.includes("idempotency_key_reused"));
      assert.deepEqual([done.length, refused.length], [2, 2], JSON.stringify(answers));
      assert.equal(new Set(done.map(({ text }) => text)).size, 1);
      await sleep(300);
    }
  });

  it("is refused everywhere while the home region does not answer, and only where its key has one", async () => {
    await faults.begin({ store: west }, "refuse");
    const refused = await send(central, "POST", shipments, shipment, randomUUID());
    assert.deepEqual([refused.status, JSON.parse(refused.text).code], [503, "home_region_unavailable"]);
    const own = await send(central, "POST", quotes, quote, randomUUID());
    assert.equal(own.status, 200, own.text);
  });
});
