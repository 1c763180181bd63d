import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CognitoIdentityProviderClient, SignUpCommand } from "@aws-sdk/client-cognito-identity-provider";
import { decodeJwt } from "jose";
import { request } from "undici";
import { Faults } from "../../local/faults/faults";
import { operatorKeys } from "../../local/iam/access";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { until } from "../local/helpers/wait";
import { Person, tokens } from "./helpers/person";
import { planTwoRegions, twoRegions } from "./helpers/two-regions";

const [primary, second] = twoRegions;
const password = "a long Passw0rd!";
const otherPassword = "another Passw0rd!";
/** Tokens of ten minutes are over after a minute. */
const timeScale = 10;
const basket = "/price-calculator/basket";

describe("the primary region is lost, with a user pool in each", function () {
  this.timeout(240_000);
  const stateDir = mkdtempSync(join(tmpdir(), "sign-in-regions-"));
  const faults = new Faults();
  let platform: RunningPlatform;
  let own: { readonly issuer: string; readonly client: string };
  let other: { readonly issuer: string; readonly client: string };
  let ada: Person;
  /** What ada had before. */
  let first: any;
  let session: { readonly "session-id": string };
  const log: string[] = [];

  before(async () => {
    const graph = await planTwoRegions(({ signIn, tokens: lifetimes }) => {
      Object.assign(signIn, { regions: "each", secondFactor: "off" });
      signIn.groups = { editors: { scopes: ["price-calculator/write"] } };
      signIn.signUp.group = "editors";
      Object.assign(lifetimes, { accessMinutes: 10, idMinutes: 10 });
    });
    const options = { ...faults.options, graph, timeScale, stateDir, readySeconds: 110 };
    platform = await startPlatform({ ...options, log: (from, line) => log.push(`${from} ${line}`) });
    await faults.attach(platform);
    const { issuers } = platform.endpoints;
    const { clientIds, otherRegion } = (platform.state().outputs as any).identity[primary];
    own = { issuer: issuers[primary]!, client: clientIds[0] };
    other = { issuer: issuers[second]!, client: otherRegion.clientIds[0] };
    ada = new Person(platform, "ada@example.com");
    await until("all healthy", () => platform.state().healthChecks.every(({ healthy }) => healthy), 30_000);
    await ada.signUp(own.issuer, own.client, password);
  });
  after(async () => {
    await faults.endAll();
    await platform?.stop();
    await faults.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  const ask = async (method: "GET" | "POST" | "PUT", path: string, token: string, more: object = {}, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", ...more };
    const url = `${platform.endpoints.global}${path}`;
    const answer = await request(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: answer.statusCode, json: (await answer.body.json()) as any };
  };
  const putLine = async (token: string, id: string) =>
    (await ask("PUT", `${basket}/lines/${id}`, token, session, { kind: "food", quantity: 3 })).status;

  it("before that each region has a page of its own, of its own clients", async () => {
    assert.notEqual(own.issuer, other.issuer);
    await assert.rejects(ada.signIn(own.issuer, other.client, password));
    first = await ada.signIn(own.issuer, own.client, password);
    const starts = async () => {
      const { status, json } = await ask("POST", basket, first.access_token);
      session = { "session-id": json.sessionId };
      return status === 200 || sleep(300, false);
    };
    await until("a basket is there", starts, 20_000);
    assert.equal(await putLine(first.access_token, "apple-1"), 200);
    await sleep(500); // The other region has it after a second, ten times faster.
    // The authorizer of the other region has had no token yet: it starts when the first pool is gone.
  });

  it("then tokens go on in the other region until they expire, and are not refreshed", async () => {
    await faults.begin({ region: primary }, "refuse");
    const moved = async () =>
      (await putLine(first.access_token, "apple-2").catch(() => 0)) === 200 || sleep(200, false);
    await until("the name leads to the other region", moved, 30_000);
    const refresh = { grant_type: "refresh_token", client_id: own.client, refresh_token: first.refresh_token };
    await assert.rejects(tokens(own.issuer, refresh));
    await assert.rejects(ada.signIn(own.issuer, own.client, password));
    assert.equal(typeof (await tokens(other.issuer, refresh)).error, "string");
    const expired = async () => (await putLine(first.access_token, "apple-3")) === 401 || sleep(500, false);
    await until("the token is over", expired, 75_000);
    assert.ok(Date.now() >= decodeJwt(first.access_token).exp! * 1_000);
  });

  it("then a person sets a password in the other region by mail, and goes on with the same basket as the same person", async () => {
    await ada.recover(other.issuer, other.client, otherPassword);
    const again = await ada.signIn(other.issuer, other.client, otherPassword);
    const [before, after] = [first, again].map(({ access_token }) => decodeJwt(access_token));
    assert.equal(after!["subject"], before!.sub);
    assert.notEqual(after!.sub, before!.sub);
    assert.equal(await putLine(again.access_token, "apple-4"), 200);
    const read = await ask("GET", basket, again.access_token, session);
    const ids = read.json.lines.map(({ id }: { id: string }) => id).sort();
    assert.deepEqual([read.status, ids], [200, ["apple-1", "apple-2", "apple-3", "apple-4"]]);
    const refreshed = await tokens(other.issuer, {
      ...{ grant_type: "refresh_token", client_id: other.client, refresh_token: again.refresh_token },
    });
    assert.equal(await putLine(refreshed.access_token, "apple-5"), 200);
  });

  it("then people sign up in the other region, and are others: they do not see what is hers", async () => {
    const eve = new Person(platform, "eve@example.com");
    await eve.signUp(other.issuer, other.client, password);
    const { access_token } = await eve.signIn(other.issuer, other.client, password);
    assert.equal((await ask("GET", basket, access_token, session)).status, 404);
    assert.equal((await ask("POST", basket, access_token)).status, 200);
    assert.ok(
      log.some((line) => line.includes("could not be copied to the other region")),
      "an alarm's line",
    );
  });

  it("then the API of the lost region's pool is not reached either", async () => {
    const { aws } = platform.endpoints;
    const cognito = new CognitoIdentityProviderClient({
      region: primary,
      endpoint: aws,
      credentials: operatorKeys,
      maxAttempts: 1,
    });
    await assert.rejects(
      cognito.send(new SignUpCommand({ ClientId: own.client, Username: "bob@example.com", Password: password })),
      (error: Error) => !error.name.endsWith("Exception"),
    );
  });

  it("when it is back, the password of before is as it was, and who signed up in between is copied by a sign-in", async () => {
    await faults.endAll();
    const back = await ada.signIn(own.issuer, own.client, password);
    assert.equal(decodeJwt(back.access_token)["subject"], decodeJwt(first.access_token).sub);
    await sleep(15_500); // After a copy that failed, none is tried for 15 s.
    const eve = new Person(platform, "eve@example.com");
    const there = await eve.signIn(other.issuer, other.client, password);
    await eve.recover(own.issuer, own.client, otherPassword);
    const here = await eve.signIn(own.issuer, own.client, otherPassword);
    assert.equal(decodeJwt(here.access_token)["subject"], decodeJwt(there.access_token).sub);
  });
});
