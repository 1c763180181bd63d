import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { signIn } from "../../local/cognito/sign-in";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { replanned } from "../conformance/plans";

describe("the lifetime of tokens at a time scale", function () {
  this.timeout(60_000);
  const state = mkdtempSync(join(tmpdir(), "expiry-"));
  const timeScale = 60;
  let platform: RunningPlatform;

  before(async () => {
    const { graph } = await replanned("dev", (config) => {
      config.tokens = { ...config.tokens, accessMinutes: 5, idMinutes: 5 };
    });
    platform = await startPlatform({ graph, timeScale, stateDir: state, log: () => {} });
  });

  after(async () => {
    await platform?.stop();
    rmSync(state, { recursive: true, force: true });
  });

  async function put(token: string): Promise<number> {
    const { statusCode, body } = await request(`${platform.endpoints.global}/food-store/foods/a`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(catalog["food-store"].definitions["put-food"].sample),
    });
    await body.dump();
    return statusCode;
  }

  it("is that of the plan divided by it: five minutes are over after five seconds at 60, and a refresh gives new ones", async () => {
    const { issuer } = platform.endpoints;
    const tokens = await signIn({ issuerUrl: issuer, user: "ada", groups: "all" });
    assert.equal(tokens.expiresIn, 5);
    assert.equal(await put(tokens.accessToken), 200);
    await sleep(6_100);
    assert.equal(await put(tokens.accessToken), 401);
    const clients = (await (await request(`${issuer}/clients`)).body.json()) as { id: string; flows: string[] }[];
    const again = await request(`${issuer}/oauth2/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "refresh_token",
        client_id: clients.find(({ flows }) => flows.includes("code"))!.id,
        refresh_token: tokens.refreshToken,
      }).toString(),
    });
    const { access_token: renewed } = (await again.body.json()) as { access_token: string };
    assert.equal(await put(renewed), 200);
  });
});
