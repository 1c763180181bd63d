import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { planStack } from "../../graph/plan";
import { patternNames } from "../../infra/compute/registry";
import { signIn } from "../../local/cognito/sign-in";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { Parameters } from "../../local/ssm/parameters";
import { changedValues } from "../helpers/configuration";

const shipment = {
  destination: "DE",
  recipient: "Ada",
  address: ["1 Example Street"],
  city: "Berlin",
  weightGrams: 540,
  speed: "standard",
  status: "shipped",
};

/** A carrier on this machine, which notes what it was asked. */
function carrier() {
  const asked: string[] = [];
  const server = createServer(({ url, headers }, response) => {
    asked.push(`${url} ${headers.authorization}`);
    response.end(JSON.stringify({ status: "on its way", place: "Leipzig", ignored: true }));
  });
  return { asked, server };
}

for (const pattern of patternNames) {
  describe(`what services need under ${pattern}`, function () {
    this.timeout(60_000);
    const stateDir = mkdtempSync(join(tmpdir(), "platform-settings-"));
    const { asked, server } = carrier();
    const logs: string[] = [];
    let platform: RunningPlatform;

    before(async () => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const config = changedValues("dev", ({ services }) => {
        for (const service of Object.values<any>(services)) service.pattern = "lambda";
        services.shipping.pattern = pattern;
        services["pet-store"].pattern = pattern;
        services.shipping.variables = { CARRIER_URL: url };
      });
      new Parameters(stateDir).write("/platform/dev/shipping/CARRIER_KEY", "key-of-the-carrier");
      const graph = await planStack("dev", { config });
      platform = await startPlatform({ graph, stateDir, log: (_source, line) => void logs.push(line) });
    });

    after(async () => {
      await platform?.stop();
      server.close();
      rmSync(stateDir, { recursive: true, force: true });
    });

    it("is a bucket: the pet store keeps a health record in its own, and deletes it", async () => {
      const { accessToken } = await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" });
      const url = `${platform.endpoints.global}/pet-store/pets/rex-1`;
      const send = async (method: "GET" | "PUT" | "POST" | "DELETE", body?: object, path = "/record") => {
        const type = body === undefined ? {} : { "content-type": "application/json" };
        const answer = await request(`${url}${path}`, {
          method,
          headers: { authorization: `Bearer ${accessToken}`, ...type },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return [answer.statusCode, await answer.body.json()];
      };
      assert.equal((await send("PUT", catalog["pet-store"].definitions["put-pet"].sample, ""))[0], 200);
      const entries = [{ day: "2026-03-01", what: "Vaccinated against rabies" }];
      assert.deepEqual(await send("POST", { entries }), [200, { id: "rex-1", entries }]);
      assert.deepEqual(await send("GET"), [200, { id: "rex-1", entries }]);
      assert.deepEqual(await send("DELETE"), [200, { id: "rex-1" }]);
      assert.equal((await send("GET"))[0], 404);
    });

    it("is variables, secrets and hosts: shipping asks the carrier of the environment, by a key that no log has", async () => {
      const { accessToken } = await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" });
      const shipments = `${platform.endpoints.global}/shipping/shipments/s-1`;
      const stored = await request(shipments, {
        method: "PUT",
        headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
        body: JSON.stringify(shipment),
      });
      assert.equal(stored.statusCode, 200, await stored.body.text());
      const tracked = await request(`${shipments}/tracking`);
      assert.deepEqual(
        [tracked.statusCode, await tracked.body.json()],
        [200, { id: "s-1", status: "on its way", place: "Leipzig" }],
      );
      assert.deepEqual(asked, ["/shipments/s-1 Bearer key-of-the-carrier"]);
      assert.ok(logs.length > 0 && logs.every((line) => !line.includes("key-of-the-carrier")));
    });
  });
}
