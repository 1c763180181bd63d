import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { expectedOf } from "../../cli/verify/expected";
import { localTarget } from "../../cli/verify/local";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { verify } from "../../verify/run";
import { replanned, withTenants } from "../conformance/plans";
import { changedValues } from "../helpers/configuration";
import { unmet } from "../verify/helpers/environment";

const root = join(__dirname, "../..");
const command = join(root, "cli/platform.cjs");
const host = "rest.api.dev.example.com";

/** Tenants of whose tiers one has a quota. */
function withQuota(config: any): void {
  withTenants(config);
  config.tenants.tiers.free.quota = { requests: 5_000, per: "MONTH" };
}

/** One request of each service, each under a pattern of its own, and the status of its answer. */
const requests: Readonly<Record<string, readonly [path: string, status: number]>> = {
  "food-store": ["/food-store/foods/none", 404],
  "pet-store": ["/pet-store/pets/none", 404],
  "price-calculator": ["/price-calculator/quotes/none", 404],
  shipping: ["/shipping/shipments?destination=DE", 200],
};

describe("tenants of a REST API in front of private servers, by the commands of the README", function () {
  this.timeout(120_000);
  const state = mkdtempSync(join(tmpdir(), "platform-"));
  let platform: RunningPlatform;
  let rest: string;
  let small: string;
  let large: string;

  before(async () => {
    const { graph } = await replanned("dev", withQuota);
    platform = await startPlatform({ graph, stateDir: state, log: () => {} });
    rest = platform.endpoints.regions["eu-west-1"]!.rest!;
    await cli("tenant", "add", "acme", "--tier", "free");
    await cli("tenant", "add", "umbrella", "--tier", "premium");
    small = await cli("token", "--group", "editors", "--user", "ada", "--tenant", "acme");
    large = await cli("token", "--group", "editors", "--user", "bob", "--tenant", "umbrella");
  });

  after(async () => {
    await platform?.stop();
    rmSync(state, { recursive: true, force: true });
  });

  async function cli(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [command, ...args, "--state", state], { cwd: root });
    return stdout.trim();
  }

  async function call(path: string, token?: string, body?: unknown, more: Readonly<Record<string, string>> = {}) {
    const answer = await request(`${rest}${path}`, {
      method: body === undefined ? "GET" : "PUT",
      headers: {
        host,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, headers: answer.headers, json: (await answer.body.json()) as any };
  }

  it("needs no token for health checks, which reach the servers of all four patterns", async () => {
    for (const service of Object.keys(requests)) {
      const { status, json } = await call(`/${service}/healthz`);
      assert.deepEqual([status, json], [200, { status: "ok", service }]);
    }
  });

  it("refuses a request without a tenant's token, under every pattern", async () => {
    const guest = await cli("token", "--group", "editors", "--user", "eve");
    for (const [path] of Object.values(requests)) {
      assert.equal((await call(path)).status, 401, path);
      assert.equal((await call(path, guest)).status, 403, path);
    }
  });

  it("answers a tenant under every pattern", async () => {
    for (const [path, status] of Object.values(requests)) assert.equal((await call(path, large)).status, status, path);
  });

  it("stores through the forwarder what it reads back, and checks bodies by the contract's model", async () => {
    const { sample } = catalog["food-store"].definitions["put-food"];
    const stored = await call("/food-store/foods/f-1", large, sample);
    assert.equal(stored.status, 200, JSON.stringify(stored.json));
    const read = await call("/food-store/foods/f-1", large);
    assert.deepEqual([read.status, read.json], [200, stored.json]);
    assert.equal((await call("/food-store/foods/f-1", large, { price: "free" })).status, 400);
  });

  it("limits a tenant to its tier with 429, while another loses no request at the same moment", async () => {
    const [path] = requests["shipping"]!;
    const times = (count: number, token: string) => Promise.all(Array.from({ length: count }, () => call(path, token)));
    const [few, many] = await Promise.all([times(30, small), times(30, large)]);
    const refused = few.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 20 && refused.length < 30, `${refused.length} of 30 refused`);
    assert.deepEqual(refused[0]!.json, { code: "throttled", message: "Too Many Requests" });
    assert.deepEqual(new Set(many.map(({ status }) => status)), new Set([200]));
  });

  it("tells a tenant its limits and what it has used, asked once a minute, and no client whose tenant it is", async () => {
    assert.equal((await call("/usage")).status, 401);
    const told = await call("/usage", small);
    const { asOf, used, ...limits } = told.json;
    assert.deepEqual(limits, {
      ...{ tenant: "acme", tier: "free", rate: 1, burst: 3 },
      quota: { requests: 5_000, per: "MONTH" },
    });
    assert.ok(used >= 1 && used <= 10, `${used} of the requests before were let through`);
    assert.ok(Math.abs(Date.now() - Date.parse(asOf)) < 30_000, asOf);
    const claims = { "x-tenant-id": "umbrella", "x-api-key": "umbrella" };
    const again = await call("/usage?tenant=umbrella&tier=premium", small, undefined, claims);
    assert.deepEqual(again.json, told.json);
    const { asOf: _, ...ofLarge } = (await call("/usage", large)).json;
    assert.deepEqual(ofLarge, { tenant: "umbrella", tier: "premium", rate: 200, burst: 400 });
  });

  it("refuses the next request of a suspended tenant, and admits it again", async () => {
    const [path] = requests["shipping"]!;
    await cli("tenant", "suspend", "umbrella");
    assert.equal((await call(path, large)).status, 403);
    await cli("tenant", "resume", "umbrella");
    assert.equal((await call(path, large)).status, 200);
  });

  it("passes npm run verify, as tenants that it makes and takes away again", async () => {
    const expected = expectedOf("dev", changedValues("dev", withQuota));
    const target = await localTarget(platform.endpoints.console, expected, state);
    const report = await verify({ target });
    assert.deepEqual(unmet(report), []);
    const asked = report.results.filter(({ id }) => /\/rest\b/.test(id)).map(({ id }) => id.split("/")[0]!);
    for (const kind of ["health", "no-tenant", "open", "gateway", "model", "write", "cors", "limit"]) {
      assert.ok(asked.includes(kind), kind);
    }
    const tenants = JSON.parse(await cli("tenant", "list", "--json"));
    assert.ok(!JSON.stringify(tenants).includes("verify-"), JSON.stringify(tenants));
  });

  it("gives a token to no user of a tenant that does not exist", async () => {
    await assert.rejects(
      cli("token", "--group", "editors", "--user", "ada", "--tenant", "nobody"),
      /has no tenant nobody/,
    );
  });
});
