import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { catalog, type ServiceName } from "../../apps/catalog";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { signingKey } from "../apps/helpers/tokens";
import { replanned } from "../conformance/plans";
import { ExistingGateway, existingIssuer } from "./helpers/existing-gateway";

/** Requests as clients of the existing gateway send them, by the service that answers: method, path and route. */
const former: Readonly<Partial<Record<ServiceName, readonly [route: string, path: string]>>> = {
  "food-store": ["put-food", "/catalogue/v1/foods/{id}"],
  "pet-store": ["put-pet", "/catalogue/v1/pets/{id}"],
  shipping: ["put-shipment", "/logistics/v1/shipments/{id}"],
  reviews: ["put-review", "/opinions/{id}"],
};
const services = Object.keys(former) as (keyof typeof former)[];
const tokenHeader = "x-auth-token";
const keyHeader = "x-request-key";

describe("a request as clients of an existing gateway send it", function () {
  this.timeout(120_000);
  const state = mkdtempSync(join(tmpdir(), "platform-"));
  const existing = new ExistingGateway();
  const lines: string[] = [];
  let platform: RunningPlatform;

  before(async () => {
    const login = await existing.start();
    const { graph } = await replanned("dev", (config) => {
      config.gateways.rest = { services: Object.keys(config.services), domain: `rest.${config.domain.api}` };
      config.issuers = {
        corporate: { ...existingIssuer, scopes: { "orders.write": services.map((each) => `${each}/write`) } },
      };
      config.outside["login.example.com"] = "The existing gateway's keys.";
      config.formerHeaders = { authorization: tokenHeader, "idempotency-key": keyHeader };
      for (const [name, [route, formerPath]] of Object.entries(former)) {
        config.services[name].routes = { [route]: { formerPath } };
      }
      config.services.shipping.routes["post-shipment"] = { formerPath: "/logistics/v1/shipments" };
      config.services.shipping.routes["get-rates"] = { formerPath: "/logistics/v1/rates" };
    });
    platform = await startPlatform({
      graph,
      stateDir: state,
      log: (source, line) => lines.push(`${source} ${line}`),
      legacyOrigins: { "https://login.example.com": login, "https://legacy.example.com": login },
    });
  });

  after(async () => {
    await platform?.stop();
    await existing.stop();
    rmSync(state, { recursive: true, force: true });
  });

  const gateways = { http: "api.dev.example.com", rest: "rest.api.dev.example.com" } as const;
  type Gateway = keyof typeof gateways;

  async function send(gateway: Gateway, method: "GET" | "PUT" | "POST", path: string, headers: object, body?: object) {
    const answer = await request(`${platform.endpoints.regions["eu-west-1"]![gateway]}${path}`, {
      method,
      headers: { host: gateways[gateway], "content-type": "application/json", ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const requestId = String(answer.headers["x-request-id"] ?? answer.headers["apigw-requestid"]);
    return { status: answer.statusCode, text, requestId };
  }

  /** What the service's log says of a request. */
  async function logged(requestId: string): Promise<{ route: string; subject: string }> {
    for (let i = 0; i < 100; i++) {
      const line = lines.find((each) => each.includes(requestId) && each.includes('"route"'));
      if (line !== undefined) return JSON.parse(line.slice(line.indexOf("{")));
      await sleep(20);
    }
    return assert.fail(`no service has logged ${requestId}`);
  }

  for (const gateway of ["http", "rest"] as const) {
    for (const name of services) {
      it(`reaches the handler of ${name} through the ${gateway} API, with the subject of a direct one`, async () => {
        const [route, path] = former[name]!;
        const definition = catalog[name].definitions[route as never] as { path: string; sample: object };
        const token = existing.token();
        const at = (template: string) => template.replace("{id}", "item-1");
        const old = await send(gateway, "PUT", at(path), { [tokenHeader]: token }, definition.sample);
        const direct = await send(
          gateway,
          "PUT",
          at(definition.path),
          { authorization: `Bearer ${token}` },
          definition.sample,
        );
        assert.deepEqual([old.status, direct.status], [200, 200], `${old.text} ${direct.text}`);
        const [one, other] = [await logged(old.requestId), await logged(direct.requestId)];
        assert.deepEqual([one.route, one.subject], [definition.path, "corporate|alice"]);
        assert.deepEqual([one.route, one.subject], [other.route, other.subject]);
        const { version: _, ...stored } = JSON.parse(old.text);
        const { version: __, ...same } = JSON.parse(direct.text);
        assert.deepEqual(stored, same);
      });
    }

    it(`has its own header looked at on its own paths alone, by the ${gateway} API`, async () => {
      const { sample } = catalog.shipping.definitions["put-shipment"];
      const put = async (path: string, headers: object) => (await send(gateway, "PUT", path, headers, sample)).status;
      const [old, own] = ["/logistics/v1/shipments/s-2", "/shipping/shipments/s-2"];
      const token = existing.token();
      assert.equal(await put(old, { [tokenHeader]: `Bearer ${token}` }), 200);
      assert.equal(await put(old, { authorization: `Bearer ${token}` }), 401);
      assert.equal(await put(own, { [tokenHeader]: token }), 401);
      assert.equal(await put(own, { [tokenHeader]: token, authorization: "Bearer a.b.c" }), 401);
      assert.equal(await put(old, { [tokenHeader]: existing.token({}, signingKey("existing-1")) }), 401);
      assert.equal(await put(old, { [tokenHeader]: existing.token({ scope: "orders.read" }) }), 403);
    });

    it(`has its own header of idempotency keys, through the ${gateway} API`, async () => {
      const { sample } = catalog.shipping.definitions["post-shipment"];
      const post = (headers: object) =>
        send(gateway, "POST", "/logistics/v1/shipments", { [tokenHeader]: existing.token(), ...headers }, sample);
      const [first, second] = [
        await post({ [keyHeader]: `${gateway}-1` }),
        await post({ [keyHeader]: `${gateway}-1` }),
      ];
      assert.equal(first.status, 200, first.text);
      assert.equal(first.text, second.text);
      assert.match((await post({ "idempotency-key": "other" })).text, /idempotency_key_missing/);
    });

    it(`is sent on to the endpoint outside where that answers the route, by the ${gateway} API`, async () => {
      const answer = await send(gateway, "GET", "/logistics/v1/rates", {});
      assert.deepEqual([answer.status, answer.text], [200, '{"legacy":true}']);
    });
  }
});
