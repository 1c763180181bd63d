import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { replanned } from "../conformance/plans";

const root = join(__dirname, "../..");
const host = "rest.api.dev.example.com";
/** Random requests of two tenants. */
const pairs = 1_000;

describe("two tenants and the cache of a REST API", function () {
  this.timeout(120_000);
  const state = mkdtempSync(join(tmpdir(), "platform-"));
  let platform: RunningPlatform;

  before(async () => {
    const { graph } = await replanned("dev", (config) => {
      const cache = { gigabytes: 0.5, seconds: 3_600 };
      config.gateways.rest = { services: Object.keys(config.services), domain: host, cache };
      const throttle = { rate: 5_000, burst: 5_000 };
      config.tenants = { tiers: { free: throttle } };
      config.throttle = throttle;
      config.services["pet-store"].routes = { "get-pet": { throttle }, "put-pet": { throttle } };
    });
    platform = await startPlatform({ graph, stateDir: state, log: () => {} });
  });

  after(async () => {
    await platform?.stop();
    rmSync(state, { recursive: true, force: true });
  });

  async function cli(...args: string[]): Promise<string> {
    const command = [join(root, "cli/platform.cjs"), ...args, "--state", state];
    return (await promisify(execFile)(process.execPath, command, { cwd: root })).stdout.trim();
  }

  async function call(token: string, id: string, body?: unknown): Promise<any> {
    const { rest } = platform.endpoints.regions["eu-west-1"]!;
    const answer = await request(`${rest}/pet-store/pets/${id}`, {
      method: body === undefined ? "GET" : "PUT",
      headers: {
        host,
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = await answer.body.json();
    assert.equal(answer.statusCode, 200, JSON.stringify(json));
    return json;
  }

  it("never see each other's kept answer, in 1,000 random requests", async () => {
    const tokens: Record<string, string> = {};
    for (const tenant of ["acme", "umbrella"]) {
      await cli("tenant", "add", tenant, "--tier", "free");
      tokens[tenant] = await cli("token", "--group", "editors", "--user", `of-${tenant}`, "--tenant", tenant);
    }
    const sample = catalog["pet-store"].definitions["put-pet"].sample as Record<string, unknown>;
    const text = Object.keys(sample).find((key) => typeof sample[key] === "string") ?? assert.fail("no text to change");
    const stored = new Map<string, unknown>();
    /** What each tenant was answered first, which is kept for it. */
    const first = new Map<string, unknown>();
    let different = 0;
    for (let turn = 0; turn < pairs; turn++) {
      const id = `p-${Math.floor(Math.random() * 20)}`;
      const tenant = Math.random() < 0.5 ? "acme" : "umbrella";
      if (!stored.has(id) || Math.random() < 0.2) {
        stored.set(id, await call(tokens[tenant]!, id, { ...sample, [text]: `${sample[text]} ${turn}` }));
      }
      const expected = first.get(`${tenant} ${id}`) ?? stored.get(id);
      first.set(`${tenant} ${id}`, expected);
      assert.deepEqual(await call(tokens[tenant]!, id), expected, `${tenant} ${id}`);
      if (JSON.stringify(expected) !== JSON.stringify(stored.get(id))) different++;
    }
    // Without a cache, or with one key for both, the answers would be those stored last, or the other's.
    assert.ok(different > pairs / 10, String(different));
  });

  it("give a page of each origin an answer that it may read, whoever asked first", async () => {
    await cli("tenant", "add", "acme", "--tier", "free");
    const token = await cli("token", "--group", "editors", "--user", "of-acme", "--tenant", "acme");
    const { rest } = platform.endpoints.regions["eu-west-1"]!;
    const allowedFor = async (origin?: string) => {
      const headers = { host, authorization: `Bearer ${token}`, ...(origin === undefined ? {} : { origin }) };
      const answer = await request(`${rest}/pet-store/pets/of-many-origins`, { headers });
      await answer.body.dump();
      return answer.headers["access-control-allow-origin"];
    };
    const [one, other] = ["http://localhost:5173", "https://app.dev.example.com"];
    const asked = [undefined, one, other, "https://evil.example", one, undefined, other];
    const allowed: unknown[] = [];
    for (const origin of asked) allowed.push(await allowedFor(origin));
    assert.deepEqual(allowed, [undefined, one, other, undefined, one, undefined, other]);
  });
});
