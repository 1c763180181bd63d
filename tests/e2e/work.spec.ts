import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { planStack } from "../../graph/plan";
import { patternNames } from "../../infra/compute/registry";
import { signIn } from "../../local/cognito/sign-in";
import { Faults } from "../../local/faults/faults";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { changedValues } from "../helpers/configuration";
import { until } from "../local/helpers/wait";

const sample = { address: ["1 Example Street"], city: "Berlin", day: "2026-12-01", parcels: 3 };

for (const pattern of patternNames) {
  describe(`work for a service under ${pattern} that a gateway takes on`, function () {
    this.timeout(120_000);
    const faults = new Faults();
    const stateDir = mkdtempSync(join(tmpdir(), "platform-"));
    const log: string[] = [];
    let platform: RunningPlatform;
    let token: string;

    before(async () => {
      const config = changedValues("dev", (values) => {
        values.services.shipping.pattern = pattern;
        values.gateways = { rest: { services: ["shipping"] } };
      });
      const graph = await planStack("dev", { config });
      const options = { ...faults.options, graph, stateDir, readySeconds: 110, timeScale: 10 };
      platform = await startPlatform({ ...options, log: (source, line) => log.push(`${source} ${line}`) });
      await faults.attach(platform);
      ({ accessToken: token } = await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" }));
    });
    after(async () => {
      await faults.endAll();
      await platform?.stop();
      await faults.stop();
      rmSync(stateDir, { recursive: true, force: true });
    });

    const urls = () => platform.endpoints.regions["eu-west-1"]!;
    async function post(origin: string, body: object, authorization = `Bearer ${token}`) {
      const headers = { "content-type": "application/json", authorization };
      const answer = await request(`${origin}/shipping/pickups`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    }
    /** The pickup that a message became; undefined while there is none. */
    async function pickup(id: string) {
      await sleep(100);
      const answer = await request(`${urls().http}/shipping/pickups/${id}`);
      const text = await answer.body.text();
      return answer.statusCode === 200 ? JSON.parse(text) : undefined;
    }
    const idOf = (text: string) =>
      /<MessageId>([\w-]+)<\/MessageId>|"id":"([\w-]+)"/.exec(text)?.slice(1).find(Boolean);

    it("is done by the service, for the HTTP API and the REST API alike", async () => {
      for (const origin of [urls().http, urls().rest!]) {
        const { status, text } = await post(origin, sample);
        assert.equal(status, 202, text);
        const id = idOf(text)!;
        await until("the pickup", async () => (await pickup(id)) !== undefined, 20_000);
        assert.deepEqual(await pickup(id), { id, ...sample });
      }
    });

    it("is refused without a token, and by the REST API's model", async () => {
      for (const origin of [urls().http, urls().rest!]) {
        assert.equal((await post(origin, sample, "Bearer x")).status, 401);
      }
      assert.equal((await post(urls().rest!, { ...sample, parcels: 0 })).status, 400);
    });

    it("is taken on while no server runs, and each is done once when they are back", async () => {
      const zones = new Set(
        platform.state().workloads.flatMap(({ servers }) => servers.map(({ zone }) => zone as string)),
      );
      const ends = await Promise.all([...zones].map((zone) => faults.begin({ zone }, "refuse")));
      const ids = new Set<string>();
      for (let parcels = 1; parcels <= 8; parcels += 1) {
        const { status, text } = await post(parcels % 2 === 0 ? urls().http : urls().rest!, { ...sample, parcels });
        assert.equal(status, 202, text);
        ids.add(idOf(text)!);
      }
      assert.equal(ids.size, 8);
      const gone = await request(`${urls().http}/shipping/pickups/none`);
      await gone.body.dump();
      assert.ok(gone.statusCode >= 500, String(gone.statusCode));
      for (const end of ends) await end();
      await until("all pickups", async () => (await Promise.all([...ids].map(pickup))).every(Boolean), 60_000);
    });
  });
}
