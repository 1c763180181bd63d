import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { catalog, type ServiceName } from "../../apps/catalog";
import { signIn } from "../../local/cognito/sign-in";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { signingKey } from "../apps/helpers/tokens";
import { replanned } from "../conformance/plans";
import { ExistingGateway, existingIssuer } from "./helpers/existing-gateway";

/** Services under the patterns ecs, lambda and ec2, whose writes any scope of the existing server opens. */
const writers = ["food-store", "pet-store", "shipping"] as const;

describe("an existing gateway next to the platform", function () {
  this.timeout(90_000);
  const state = mkdtempSync(join(tmpdir(), "platform-"));
  const existing = new ExistingGateway();
  const lines: string[] = [];
  let platform: RunningPlatform;
  let http: string;
  let poolToken: string;

  before(async () => {
    const login = await existing.start();
    const { graph } = await replanned("dev", (config) => {
      config.issuers = { corporate: existingIssuer };
      config.outside["login.example.com"] = "The existing gateway's keys.";
    });
    platform = await startPlatform({
      graph,
      stateDir: state,
      log: (source, line) => lines.push(`${source} ${line}`),
      legacyOrigins: { "https://login.example.com": login },
    });
    http = platform.endpoints.regions["eu-west-1"]!.http;
    const scopes = writers.map((name) => `${name}/write`);
    poolToken = (await signIn({ issuerUrl: platform.endpoints.issuer, user: "verify", scopes, groups: "all" }))
      .accessToken;
  });

  after(async () => {
    await platform?.stop();
    await existing.stop();
    rmSync(state, { recursive: true, force: true });
  });

  async function put(service: ServiceName, headers: Record<string, string>) {
    const [id, route] = Object.entries(catalog[service].definitions).find(([id]) => id.startsWith("put-"))!;
    const answer = await request(`${http}${route.path.replace("{id}", `${id}-1`)}`, {
      method: "PUT",
      headers: { host: "api.dev.example.com", "content-type": "application/json", ...headers },
      body: JSON.stringify(route.sample),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, text, requestId: String(answer.headers["apigw-requestid"]) };
  }

  /** Who the handler's log says has sent a request. */
  async function loggedSubject(requestId: string): Promise<string | undefined> {
    for (let i = 0; i < 100; i++) {
      const line = lines.find((each) => each.includes(requestId) && each.includes('"route"'));
      if (line !== undefined) return JSON.parse(line.slice(line.indexOf("{"))).subject;
      await sleep(20);
    }
    return assert.fail(`no service has logged ${requestId}`);
  }

  for (const service of writers) {
    it(`has its token and the pool's admitted by ${service}, which knows whose each is`, async () => {
      const theirs = await put(service, { authorization: `Bearer ${existing.token()}`, "x-subject": "root" });
      assert.equal(theirs.status, 200, theirs.text);
      assert.equal(await loggedSubject(theirs.requestId), "corporate|alice");
      const ours = await put(service, { authorization: `Bearer ${poolToken}`, "x-subject": "corporate|alice" });
      assert.equal(ours.status, 200, ours.text);
      assert.match((await loggedSubject(ours.requestId)) ?? "", /^[0-9a-f-]{36}$/);
    });
  }

  it("has a token of another scope refused with 403, and one that is not valid with 401", async () => {
    const statusOf = async (token: string) => (await put("shipping", { authorization: `Bearer ${token}` })).status;
    assert.equal(await statusOf(existing.token({ scope: "orders.read" })), 403);
    assert.equal(await statusOf(existing.token({ aud: "other" })), 401);
    assert.equal(await statusOf(existing.token({}, signingKey("existing-1"))), 401);
    assert.equal((await put("shipping", {})).status, 401);
  });

  it("is asked for its keys once, not for each token", () => {
    assert.ok(existing.keyRequests >= 1 && existing.keyRequests <= 3, String(existing.keyRequests));
  });
});
