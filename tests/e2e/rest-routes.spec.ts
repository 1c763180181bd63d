import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { expectedOf } from "../../cli/verify/expected";
import { localTarget } from "../../cli/verify/local";
import { signIn } from "../../local/cognito/sign-in";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { verify } from "../../verify/run";
import { replanned } from "../conformance/plans";
import { changedValues } from "../helpers/configuration";
import { unmet } from "../verify/helpers/environment";

const host = "rest.api.dev.example.com";
const origin = "http://localhost:5173";
const { sample } = catalog["food-store"].definitions["put-food"];

/** Gives dev a REST API of two stages, without tenants, and runs food-store under a pattern. */
const withRest = (pattern: string) => (config: any) => {
  config.services["food-store"].pattern = pattern;
  config.gateways.rest = { services: Object.keys(config.services), domain: host, stages: ["v2"] };
  config.services["food-store"].routes = { "put-food": { throttle: { rate: 1_000, burst: 1_000 } } };
};

for (const pattern of ["ecs", "lambda", "ec2"]) {
  describe(`routes that only a REST API has, with food-store under ${pattern}`, function () {
    this.timeout(60_000);
    const state = mkdtempSync(join(tmpdir(), "platform-"));
    let platform: RunningPlatform;
    let rest: string;
    let token: string;

    before(async () => {
      const { graph } = await replanned("dev", withRest(pattern));
      platform = await startPlatform({ graph, stateDir: state, log: () => {} });
      rest = platform.endpoints.regions["eu-west-1"]!.rest!;
      const scopes = ["food-store/write"];
      ({ accessToken: token } = await signIn({
        issuerUrl: platform.endpoints.issuer,
        user: "ada",
        scopes,
        groups: "all",
      }));
      await put("f-1", { ...sample, name: 'An "apple"' });
    });

    after(async () => {
      await platform?.stop();
      rmSync(state, { recursive: true, force: true });
    });

    async function put(id: string, body: object): Promise<void> {
      const answer = await request(`${rest}/food-store/foods/${id}`, {
        method: "PUT",
        headers: { host, authorization: token, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      assert.equal(answer.statusCode, 200, await answer.body.text());
    }

    async function get(path: string, headers: Record<string, string> = {}) {
      const answer = await request(`${rest}${path}`, { headers: { host, ...headers } });
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
    }

    it("reads an item from the table without a server, and knows no other", async () => {
      const found = await get("/food-store/prices/f-1");
      assert.deepEqual([found.status, JSON.parse(found.text)], [200, { price: { amount: 120 }, currency: "EUR" }]);
      const missing = { code: "not_found", message: "There is no item with this id" };
      for (const id of ["none", "it's", "%22%7D", "a%5Cb", "%24id", "%23set", "a%0Ab", "%F0%9F%8D%8E"]) {
        const { status, text } = await get(`/food-store/prices/${id}`);
        assert.deepEqual([status, JSON.parse(text)], [404, missing], id);
      }
    });

    it("streams the foods of a category, a line each", async () => {
      const ids = Array.from({ length: 120 }, (_, i) => `export-${i}`);
      await Promise.all(ids.map((id) => put(id, { ...sample, category: "exported" })));
      const { status, headers, text } = await get("/food-store/export?category=exported");
      assert.equal(status, 200, text);
      assert.match(String(headers["content-type"]), /^application\/x-ndjson/);
      assert.equal(headers["content-length"], undefined, "a stream has no length");
      const lines = text.trimEnd().split("\n");
      assert.deepEqual(lines.map((line) => JSON.parse(line).id).sort(), ids.sort());
      assert.equal((await get("/food-store/export?category=none")).text, "");
      const refused = await get("/food-store/export?category=NO");
      assert.deepEqual([refused.status, JSON.parse(refused.text).code], [400, "invalid_query"]);
    });

    it("lets a page of an allowed origin read every kind of answer, and no other page", async () => {
      const paths = [
        "/food-store/foods/f-1",
        "/food-store/foods/none",
        "/food-store/export?category=fruit",
        "/food-store/prices/f-1",
        "/food-store/prices/none",
        "/price-calculator/rounding",
        "/pet-store/pets/none",
      ];
      for (const path of paths) {
        const allowed = await get(path, { origin });
        assert.equal(allowed.headers["access-control-allow-origin"], origin, path);
        for (const other of ["null", `${origin}.evil.example`, "http://localhost:51730"]) {
          const { headers } = await get(path, { origin: other });
          assert.equal(headers["access-control-allow-origin"], undefined, `${path} of ${other}`);
        }
      }
    });

    // The longest way: Cognito, the API, the forwarder, a private server.
    if (pattern === "ecs") {
      it("pass npm run verify, by tokens of the user pool", async () => {
        const expected = expectedOf("dev", changedValues("dev", withRest(pattern)));
        const report = await verify({ target: await localTarget(platform.endpoints.console, expected, state) });
        assert.deepEqual(unmet(report), []);
        const kinds = new Set(
          report.results.filter(({ id }) => /\/rest\b/.test(id)).map(({ id }) => id.split("/")[0]!),
        );
        for (const kind of [
          "health",
          "unknown-route",
          "no-token",
          "open",
          "gateway",
          "model",
          "write",
          "cors",
          "stage",
        ]) {
          assert.ok(kinds.has(kind), `${kind} of ${[...kinds]}`);
        }
      });
    }

    it("serves the second stage below its base path", async () => {
      const fixed = await get("/v2/price-calculator/rounding");
      assert.deepEqual([fixed.status, JSON.parse(fixed.text).halves], [200, "up"]);
      assert.equal((await get("/v2/food-store/foods/f-1")).status, 200);
      assert.equal((await get("/v2/food-store/export?category=fruit")).status, 200);
      assert.equal((await get("/v3/food-store/foods/f-1")).status, 403);
    });
  });
}
