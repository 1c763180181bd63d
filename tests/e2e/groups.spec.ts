import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { signIn } from "../../local/cognito/sign-in";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { replanned } from "../conformance/plans";

describe("groups of people at the gateway", function () {
  this.timeout(60_000);
  const state = mkdtempSync(join(tmpdir(), "groups-"));
  let platform: RunningPlatform;

  before(async () => {
    const { graph } = await replanned("dev", (config) => {
      config.signIn.groups = { editors: { scopes: ["food-store/write"] }, newcomers: { scopes: [] } };
    });
    platform = await startPlatform({ graph, stateDir: state, log: () => {} });
  });

  after(async () => {
    await platform?.stop();
    rmSync(state, { recursive: true, force: true });
  });

  /** Puts a food as a user in these groups, and returns the answer. */
  async function put(groups: readonly string[], service: "food-store" | "pet-store" = "food-store") {
    const { global, issuer } = platform.endpoints;
    const { accessToken } = await signIn({ issuerUrl: issuer, user: "ada", groups });
    const [path, sample] =
      service === "food-store"
        ? ["foods/a", catalog["food-store"].definitions["put-food"].sample]
        : ["pets/a", catalog["pet-store"].definitions["put-pet"].sample];
    const answer = await request(`${global}/${service}/${path}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
      body: JSON.stringify(sample),
    });
    return { status: answer.statusCode, body: await answer.body.text() };
  }

  it("let a person write who is in a group that grants it, and nothing else", async () => {
    assert.equal((await put(["editors"])).status, 200);
    assert.deepEqual(await put(["editors"], "pet-store"), { status: 403, body: '{"message":"Forbidden"}' });
  });

  it("refuse with 403 who is in no group, or in one that grants nothing", async () => {
    for (const groups of [[], ["newcomers"]]) {
      assert.deepEqual(await put(groups), { status: 403, body: '{"message":"Forbidden"}' });
    }
  });
});
