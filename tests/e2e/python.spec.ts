import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { planStack } from "../../graph/plan";
import { patternNames } from "../../infra/compute/registry";
import { signIn } from "../../local/cognito/sign-in";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { changedValues } from "../helpers/configuration";

const body = catalog.reviews.definitions["put-review"]!.sample!;

/** Starts dev with the reviews under one pattern and all else as functions. */
async function startWith(pattern: string, stateDir: string, leftOut: (sentence: string) => void = () => {}) {
  const config = changedValues("dev", ({ services }) => {
    for (const service of Object.values<any>(services)) service.pattern = "lambda";
    services.reviews.pattern = pattern;
  });
  const graph = await planStack("dev", { config });
  const onProgress = (part: string, detail: string) => void (part === "left out" && leftOut(detail));
  return startPlatform({ graph, stateDir, log: () => {}, onProgress });
}

for (const pattern of patternNames) {
  describe(`a service in Python under ${pattern}`, function () {
    this.timeout(120_000);
    const stateDir = mkdtempSync(join(tmpdir(), "platform-python-"));
    let platform: RunningPlatform;
    before(async () => {
      platform = await startWith(pattern, stateDir);
    });
    after(async () => {
      await platform?.stop();
      rmSync(stateDir, { recursive: true, force: true });
    });

    it("keeps items in its own table, lists them, takes keys, and refuses bad input, over the gateway", async () => {
      const { accessToken } = await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" });
      const call = async (method: "GET" | "PUT" | "POST", path: string, sent?: string, key?: string) => {
        const headers = {
          ...{ authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
          ...(key !== undefined && { "idempotency-key": key }),
        };
        const url = `${platform.endpoints.global}/reviews/${path}`;
        const answer = await request(url, { method, ...(sent === undefined ? {} : { headers, body: sent }) });
        return [answer.statusCode, (await answer.body.json()) as any] as const;
      };
      const stored = { ...body, id: "r-1" };
      assert.deepEqual(await call("PUT", "reviews/r-1", JSON.stringify(body)), [200, stored]);
      assert.deepEqual(await call("GET", "reviews/r-1"), [200, stored]);
      assert.deepEqual(await call("GET", `reviews?product=${body["product"]}`), [200, { items: [stored] }]);
      assert.deepEqual(await call("GET", "healthz/region"), [200, { status: "ok", service: "reviews" }]);
      const [status, refusal] = await call("PUT", "reviews/r-1", JSON.stringify({ ...body, rating: 6 }));
      const message = "body.rating: Too big: expected number to be <=5";
      assert.deepEqual([status, refusal], [400, { code: "invalid_body", message }]);
      const other = { ...body, product: "pear-1" };
      const first = await call("POST", "reviews", JSON.stringify(other), "one-key");
      assert.deepEqual([first[0], { ...first[1], id: "" }], [200, { ...other, id: "" }]);
      assert.deepEqual(await call("POST", "reviews", JSON.stringify(other), "one-key"), first);
      assert.deepEqual(await call("GET", "reviews?product=pear-1"), [200, { items: [first[1]] }]);
      const [reused, { code }] = await call("POST", "reviews", JSON.stringify(body), "one-key");
      assert.deepEqual([reused, code], [422, "idempotency_key_reused"]);
    });
  });
}

describe("the platform on a machine without Python", function () {
  this.timeout(120_000);

  it("runs the rest, and says what it leaves out in one sentence", async () => {
    const stateDir = mkdtempSync(join(tmpdir(), "platform-python-"));
    const { PATH: path } = process.env;
    const said: string[] = [];
    let platform: RunningPlatform | undefined;
    try {
      // Only what a shell needs is left.
      process.env["PATH"] = stateDir;
      platform = await startWith("ecs", stateDir, (sentence) => said.push(sentence));
      assert.deepEqual(said, [
        "without reviews, as this machine has no Python 3.11 or newer; install it, and start again",
      ]);
      const status = async (where: string) => {
        const answer = await request(`${platform!.endpoints.global}${where}`);
        await answer.body.dump();
        return answer.statusCode;
      };
      assert.equal(await status("/food-store/foods?category=fruit"), 200);
      assert.equal(await status("/reviews/reviews/r-1"), 503);
    } finally {
      process.env["PATH"] = path;
      await platform?.stop();
      rmSync(stateDir, { recursive: true, force: true });
    }
  });
});
