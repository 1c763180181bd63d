import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { projectRoot } from "../../graph/project-root";
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
    const { issuer } = platform.endpoints;
    const { accessToken } = await signIn({ issuerUrl: issuer, user: "ada", groups });
    return putWith(accessToken, service);
  }

  async function putWith(accessToken: string, service: "food-store" | "pet-store") {
    const [path, sample] =
      service === "food-store"
        ? ["foods/a", catalog["food-store"].definitions["put-food"].sample]
        : ["pets/a", catalog["pet-store"].definitions["put-pet"].sample];
    const answer = await request(`${platform.endpoints.global}/${service}/${path}`, {
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

  it("are given by the command for tokens, for the token alone", async () => {
    const command = ["cli/platform.cjs", "token", "--user", "bob", "--state", state];
    const tokenOf = async (...more: string[]) =>
      (await promisify(execFile)(process.execPath, [...command, ...more], { cwd: projectRoot })).stdout.trim();
    assert.equal((await putWith(await tokenOf("--group", "editors"), "food-store")).status, 200);
    assert.equal((await putWith(await tokenOf(), "food-store")).status, 403);
  });

  it("refuse with 403 who is in no group, or in one that grants nothing", async () => {
    for (const groups of [[], ["newcomers"]]) {
      assert.deepEqual(await put(groups), { status: 403, body: '{"message":"Forbidden"}' });
    }
  });
});
