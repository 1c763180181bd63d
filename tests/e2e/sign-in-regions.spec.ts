import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { request } from "undici";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { Person } from "./helpers/person";
import { planTwoRegions, twoRegions } from "./helpers/two-regions";

const [primary] = twoRegions;
const password = "a long Passw0rd!";

describe("a user pool in each region", function () {
  this.timeout(180_000);
  const stateDir = mkdtempSync(join(tmpdir(), "sign-in-regions-"));
  let platform: RunningPlatform;
  let clients: { readonly own: string; readonly other: string };
  let ada: Person;
  before(async () => {
    const graph = await planTwoRegions(({ signIn }) => {
      Object.assign(signIn, { regions: "each", secondFactor: "off" });
      signIn.groups = { editors: { scopes: ["price-calculator/write"] } };
      signIn.signUp.group = "editors";
    });
    platform = await startPlatform({ graph, stateDir, readySeconds: 110, log: () => {} });
    const { clientIds, otherRegion } = (platform.state().outputs as any).identity[primary];
    clients = { own: clientIds[0], other: otherRegion.clientIds[0] };
    ada = new Person(platform, "ada@example.com");
    await ada.signUp(platform.endpoints.issuer, clients.own, password);
  });
  after(async () => {
    await platform?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  const ask = async (method: "GET" | "POST" | "PUT", path: string, token: string, more: object = {}, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", ...more };
    const url = `${platform.endpoints.global}${path}`;
    const answer = await request(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: answer.statusCode, json: (await answer.body.json()) as any };
  };

  it("knows a person who signed up in the other one, who sets a password there and goes on with the same basket", async () => {
    const { issuer } = platform.endpoints;
    const first = await ada.signIn(issuer, clients.own, password);
    const started = await ask("POST", "/price-calculator/basket", first.access_token);
    assert.equal(started.status, 200);
    const session = { "session-id": started.json.sessionId };
    const line = { kind: "food", quantity: 3 };
    assert.equal(
      (await ask("PUT", "/price-calculator/basket/lines/apple-1", first.access_token, session, line)).status,
      200,
    );

    await ada.recover(issuer, clients.other, "another Passw0rd!");
    const second = await ada.signIn(issuer, clients.other, "another Passw0rd!");
    const [before, after] = [first, second].map(({ access_token }) => decodeJwt(access_token));
    assert.equal(after!["subject"], before!.sub);
    assert.notEqual(after!.sub, before!.sub);
    assert.notEqual(after!.iss, before!.iss);
    const basket = await ask("GET", "/price-calculator/basket", second.access_token, session);
    assert.deepEqual([basket.status, basket.json.lines], [200, [{ kind: "food", id: "apple-1", quantity: 3 }]]);

    const eve = new Person(platform, "eve@example.com");
    await eve.signUp(issuer, clients.other, password);
    const { access_token } = await eve.signIn(issuer, clients.other, password);
    assert.equal((await ask("GET", "/price-calculator/basket", access_token, session)).status, 404);
  });
});
