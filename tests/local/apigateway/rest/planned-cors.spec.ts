import assert from "node:assert/strict";
import { request } from "undici";
import { type RunningGateway, systemClock } from "../../../../local/apigateway/gateway";
import { readRestRegion } from "../../../../local/apigateway/rest/rest-model";
import { startRestGateway } from "../../../../local/apigateway/rest/server";
import { UsagePlans } from "../../../../local/apigateway/rest/usage-plans";
import { plannedWithTenants } from "../../../conformance/plans";
import { RestCompute } from "./helpers/running";

const host = "rest.api.dev.example.com";
const path = "/pet-store/pets/1";
/** Of Pulumi.dev.yaml. */
const origins = ["http://localhost:5173", "https://app.dev.example.com"];

describe("REST gateway: CORS as planned", () => {
  let gateway: RunningGateway;

  before(async () => {
    const region = readRestRegion(await plannedWithTenants("dev"), "eu-west-1");
    gateway = await startRestGateway({
      ...{ region, usagePlans: new UsagePlans(region.plans, region.keys, systemClock), compute: new RestCompute() },
      ...{ port: 0, jwksUrl: String, log: () => {}, accessLog: () => {} },
    });
  });
  after(() => gateway?.stop());

  async function preflight(origin?: string, name = "origin") {
    const { statusCode, headers, body } = await request(`${gateway.url}${path}`, {
      method: "OPTIONS",
      headers: { host, "access-control-request-method": "PUT", ...(origin === undefined ? {} : { [name]: origin }) },
    });
    await body.dump();
    const { "access-control-allow-origin": allowed, "access-control-allow-methods": methods, vary } = headers;
    return { status: statusCode, allowed, methods, vary };
  }

  it("echoes each origin of the configuration, by any spelling of the header, with Vary", async () => {
    for (const origin of origins) {
      for (const name of ["origin", "Origin"]) {
        const expected = { status: 204, allowed: origin, methods: "GET,PUT", vary: "Origin" };
        assert.deepEqual(await preflight(origin, name), expected, `${name}: ${origin}`);
      }
    }
  });

  it("allows no other origin, however alike, and keeps Vary", async () => {
    const others = [
      ...["null", "*", "", "https://evil.example", "file://", "https://", "undefined"],
      ...origins.flatMap((origin) => [
        `${origin}.evil.example`,
        `${origin}/`,
        `${origin}:443`,
        `${origin} ${origin}`,
        `${origin},https://evil.example`,
        `x${origin}`,
        origin.toUpperCase(),
        origin.slice(0, -1),
        origin.replace("://", "://evil."),
        origin.replace("://", "://evil-"),
        origin.replace("://", "://evil@"),
        origin.replace(/^https?/, "ftp"),
        origin.replaceAll(".", "x"),
      ]),
    ].filter((origin) => !origins.includes(origin));
    assert.ok(others.length > 25);
    for (const origin of [...others, undefined]) {
      const { status, allowed, vary } = await preflight(origin);
      assert.deepEqual([status, allowed, vary], [204, undefined, "Origin"], String(origin));
    }
  });

  it("never answers a refused request with an origin that the request chose", async () => {
    for (const origin of ["https://evil.example", "null", origins[1]!]) {
      const { statusCode, headers, body } = await request(`${gateway.url}${path}`, { headers: { host, origin } });
      await body.dump();
      assert.deepEqual([statusCode, headers["access-control-allow-origin"]], [401, "*"]);
      assert.equal(headers["access-control-allow-credentials"], undefined);
    }
  });
});
