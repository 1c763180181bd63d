import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { otherIssuerVerifier } from "../../../apps/authorizer/issuer-token";
import { type IssuerSettings, parseIssuers } from "../../../apps/authorizer/issuers";
import { poolVerifier } from "../../../apps/authorizer/pool-token";
import { createRouteAuthorizer } from "../../../apps/authorizer/route-authorizer";
import { authorizerSettings } from "../../../apps/authorizer/settings";
import { createTokenVerifier } from "../../../apps/authorizer/token";
import { createLogger } from "../../../apps/kit/log";
import { accessToken, clientId, encoded, jwksOf, issuer as poolIssuer, signed, signingKey } from "../helpers/tokens";
import { routes } from "./helpers";

const own = signingKey("corporate-1");
const pool = signingKey("pool-1");
const stranger = signingKey("corporate-1");
const corporate: IssuerSettings = {
  name: "corporate",
  issuer: "https://login.example.com/",
  jwksUrl: "https://login.example.com/jwks",
  audiences: ["platform"],
  scopes: { "orders.write": ["shipping/write"], all: ["shipping/write", "pet-store/write"] },
};

function claimsWith(more: object = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: corporate.issuer,
    sub: "alice",
    aud: "platform",
    scope: "orders.write",
    iat: now,
    exp: now + 600,
  };
  return { ...claims, ...more };
}

const tokenWith = (claims: object = {}, header: object = {}, key = own) =>
  signed({ alg: "RS256", kid: "corporate-1", typ: "JWT", ...header }, claimsWith(claims), key);

function verifierOf(settings: IssuerSettings = corporate) {
  const onFailure = (error: unknown) => assert.fail(String(error));
  return createTokenVerifier([
    poolVerifier({
      ...{ issuer: poolIssuer, jwksUrl: `${poolIssuer}/keys`, clientIds: [clientId], audiences: [], onFailure },
      fetchKeys: async () => jwksOf(pool),
    }),
    otherIssuerVerifier({ ...settings, onFailure, fetchKeys: async () => jwksOf(own) }),
  ]);
}

describe("tokens of an issuer other than the pool", () => {
  const verify = verifierOf();

  beforeEach(async () => assert.notEqual(await verify(tokenWith()), undefined, "a valid token"));

  it("are admitted next to the pool's, with the issuer's name before the subject", async () => {
    const claims = await verify(tokenWith());
    assert.deepEqual(claims, {
      sub: "corporate|alice",
      scopes: ["shipping/write"],
      tenant: undefined,
      tier: undefined,
    });
    assert.equal((await verify(accessToken(pool)))?.sub, "0b1f2a33-4455-4667-8899-aabbccddeeff");
  });

  it("never have the subject of a user of the pool, nor a user of the pool theirs", async () => {
    const sub = "0b1f2a33-4455-4667-8899-aabbccddeeff";
    assert.equal((await verify(tokenWith({ sub })))?.sub, `corporate|${sub}`);
    assert.equal(await verify(accessToken(pool, { sub: "corporate|alice" })), undefined);
  });

  it("are verified with the keys of the issuer that they name, and no other's", async () => {
    assert.equal(await verify(accessToken(pool, {}, { kid: "corporate-1" })), undefined);
    assert.equal(await verify(signed({ alg: "RS256", kid: "pool-1" }, claimsWith(), pool)), undefined);
    assert.equal(
      await verify(signed({ alg: "RS256", kid: "corporate-1" }, { ...claimsWith(), iss: poolIssuer }, own)),
      undefined,
    );
    assert.equal(await verify(tokenWith({}, {}, stranger)), undefined);
  });

  it("are refused with a claim that is not as it must be", async () => {
    const wrong = {
      "another issuer": { iss: "https://login.example.org/" },
      "an issuer that is written otherwise": { iss: "https://login.example.com" },
      "issuers in a list": { iss: [corporate.issuer] },
      "another audience": { aud: "other" },
      "no audience": { aud: undefined },
      "other audiences in a list": { aud: ["other", "platform-2"] },
      "an audience that is no text": { aud: [["platform"]] },
      "the audience as a client": { aud: undefined, client_id: "platform" },
      "an expiry that is over": { exp: Math.floor(Date.now() / 1_000) - 1 },
      "no expiry": { exp: undefined },
      "an expiry beyond all time": { exp: 1e300 },
      "a life of more than a day": { exp: Math.floor(Date.now() / 1_000) + 90_000 },
      "a start in the future": { nbf: Math.floor(Date.now() / 1_000) + 600 },
      "an issue tomorrow": {
        iat: Math.floor(Date.now() / 1_000) + 86_400,
        exp: Math.floor(Date.now() / 1_000) + 86_500,
      },
      "the use of an identity token": { token_use: "id" },
      "uses in a list": { token_use: ["access"] },
      "a nonce, which identity tokens have": { nonce: "n" },
      "the hash of an access token, which identity tokens have": { at_hash: "x" },
      "no subject": { sub: undefined },
      "a subject with a line end": { sub: "alice\r\nx-subject: bob" },
      "a subject of 129 characters": { sub: "a".repeat(129) },
      "an empty subject": { sub: "" },
    };
    for (const [what, claims] of Object.entries(wrong)) {
      assert.equal(await verify(tokenWith(claims)), undefined, what);
    }
  });

  it("are refused with another algorithm, key id, type or extension", async () => {
    for (const header of [
      { alg: "none" },
      { alg: "RS384" },
      { kid: "../corporate-1" },
      { kid: "__proto__" },
      { kid: undefined },
      { typ: "id+jwt" },
      { typ: ["JWT"] },
      { crit: ["b64"], b64: true },
    ]) {
      assert.equal(await verify(tokenWith({}, header)), undefined, JSON.stringify(header));
    }
    const { n } = own.publicKey.export({ format: "jwk" });
    const input = `${encoded({ alg: "HS256", kid: "corporate-1" })}.${encoded(claimsWith())}`;
    const forged = `${input}.${createHmac("sha256", String(n)).update(input).digest("base64url")}`;
    assert.equal(await verify(forged), undefined);
    const { kty, e } = own.publicKey.export({ format: "jwk" });
    for (const header of [
      { jku: "https://evil.example/jwks" },
      { jwk: { kty, n, e } },
      { x5u: "https://evil.example" },
    ]) {
      assert.equal(await verify(tokenWith({}, { ...header, kid: "unknown" }, stranger)), undefined);
    }
  });

  it("are admitted with a list of audiences, one of which is the platform's", async () => {
    assert.notEqual(await verify(tokenWith({ aud: ["other", "platform"] })), undefined);
  });

  it("open the scopes that theirs stand for, and no other", async () => {
    const scopesOf = async (claims: object) => (await verify(tokenWith(claims)))?.scopes;
    assert.deepEqual(await scopesOf({ scope: "all orders.write" }), ["shipping/write", "pet-store/write"]);
    assert.deepEqual(await scopesOf({ scope: "shipping/write constructor __proto__" }), []);
    assert.deepEqual(await scopesOf({ scope: undefined }), []);
    assert.deepEqual(await scopesOf({ scope: undefined, scp: ["orders.write"] }), ["shipping/write"]);
    assert.deepEqual(await scopesOf({ scope: undefined, scp: [["orders.write"], null] }), []);
    const { scopes: _, ...unmapped } = corporate;
    assert.deepEqual((await verifierOf(unmapped)(tokenWith({ scope: "shipping/write" })))?.scopes, ["shipping/write"]);
  });

  it("belong to the tenant that the configuration names", async () => {
    const verifyTenant = verifierOf({ ...corporate, tenant: { name: "acme", tier: "free" } });
    const { tenant, tier } = (await verifyTenant(tokenWith({ tenant_id: "umbrella", tier: "premium" })))!;
    assert.deepEqual([tenant, tier], ["acme", "free"]);
    assert.equal((await verify(tokenWith({ tenant_id: "umbrella", tier: "premium" })))?.tenant, undefined);
  });
});

describe("the authorizer of an HTTP API", () => {
  const lines: string[] = [];
  const log = createLogger({ service: "authorizer", write: (line) => lines.push(line) });
  const decide = createRouteAuthorizer({ verify: verifierOf(), routes, log });
  const ask = (token: string | undefined, routeKey = "PUT /shipping/shipments/{id}") =>
    decide({ version: "2.0", routeKey, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  const unauthorized = { message: "Unauthorized" };

  it("admits a token of either issuer to the routes of its scopes, and says whose it is", async () => {
    assert.deepEqual(await ask(tokenWith()), {
      isAuthorized: true,
      context: { subject: "corporate|alice", scopes: "shipping/write" },
    });
    assert.equal((await ask(accessToken(pool))).context?.subject, "0b1f2a33-4455-4667-8899-aabbccddeeff");
  });

  it("refuses a valid token on a route of another scope, and on one that is not listed", async () => {
    assert.deepEqual(await ask(tokenWith(), "PUT /pet-store/pets/{id}"), { isAuthorized: false });
    for (const key of ["PUT /nope", "constructor", "$default"]) {
      assert.deepEqual(await ask(tokenWith(), key), { isAuthorized: false }, key);
    }
  });

  it("says Unauthorized of everything that is no valid token, and of two headers, which the gateway joins", async () => {
    await assert.rejects(ask(undefined), unauthorized);
    await assert.rejects(ask("x"), unauthorized);
    await assert.rejects(ask(tokenWith({ aud: "other" })), unauthorized);
    await assert.rejects(ask(`${tokenWith()},Bearer ${tokenWith()}`), unauthorized);
  });

  it("says Unauthorized, and logs why, where it fails itself", async () => {
    const broken = createRouteAuthorizer({ verify: () => Promise.reject(new TypeError("x")), routes, log });
    const event = {
      version: "2.0",
      routeKey: "GET /shipping/shipments",
      headers: { authorization: `Bearer ${tokenWith()}` },
    } as const;
    await assert.rejects(broken(event), unauthorized);
    assert.match(lines.at(-1) ?? "", /"error":"TypeError"/);
  });
});

describe("tokens of user pools in two regions", () => {
  const otherPool = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123";
  const other = signingKey("pool-2");
  const onFailure = (error: unknown) => assert.fail(String(error));
  const of = (issuer: string, key: typeof pool, id: string) =>
    poolVerifier({
      ...{ issuer, jwksUrl: `${issuer}/keys`, clientIds: [id], audiences: [], onFailure, namesSubject: true },
      fetchKeys: async () => jwksOf(key),
    });
  const verify = createTokenVerifier([of(poolIssuer, pool, clientId), of(otherPool, other, "2example98765432")]);
  const theirs = (more: object = {}) => accessToken(other, { iss: otherPool, client_id: "2example98765432", ...more });

  it("have the subject that both pools name, and their own sub without it", async () => {
    const subject = "person-1";
    assert.equal((await verify(accessToken(pool, { subject })))?.sub, subject);
    assert.equal((await verify(theirs({ subject, sub: "another-sub" })))?.sub, subject);
    assert.equal((await verify(theirs({ sub: "another-sub" })))?.sub, "another-sub");
  });

  it("are refused with a subject that is none, or that could be another issuer's", async () => {
    for (const subject of ["", "corporate|alice", 1, null, ["a"], "a b"]) {
      assert.equal(await verify(theirs({ subject })), undefined, JSON.stringify(subject));
    }
  });

  it("are verified with their own pool's keys and clients alone", async () => {
    assert.notEqual(await verify(theirs()), undefined);
    assert.equal(await verify(theirs({ client_id: clientId })), undefined);
    assert.equal(await verify(theirs({ iss: poolIssuer })), undefined);
    assert.equal(await verify(accessToken(pool, { client_id: "2example98765432" })), undefined);
  });

  it("come from variables, of the second pool with OTHER_ before them", () => {
    const of = (prefix: string, name: string) => ({
      [`${prefix}ISSUER`]: name,
      [`${prefix}JWKS_URL`]: `${name}/keys`,
      [`${prefix}CLIENT_IDS`]: "a,b",
    });
    const { pools } = authorizerSettings({ ...of("", "one"), ...of("OTHER_", "two"), ROUTES: "{}" });
    const settings = { clientIds: ["a", "b"], audiences: [], namesSubject: true };
    assert.deepEqual(pools, [
      { issuer: "one", jwksUrl: "one/keys", ...settings },
      { issuer: "two", jwksUrl: "two/keys", ...settings },
    ]);
    const env = { ...of("", "one"), OTHER_ISSUER: "two", ROUTES: "{}" };
    assert.throws(() => authorizerSettings(env), /OTHER_JWKS_URL/);
    assert.equal(authorizerSettings({ ...of("", "one"), ROUTES: "{}" }).pools[0]!.namesSubject, false);
  });
});

describe("settings of the authorizer's issuers", () => {
  const { jwksUrl, ...listed } = corporate;
  const env = { ISSUERS: JSON.stringify([listed]), JWKS_URL_CORPORATE: jwksUrl, ROUTES: "{}" };

  it("have the URL of each issuer's keys in a variable of its own", () => {
    assert.deepEqual(parseIssuers(env), [corporate]);
    assert.throws(() => parseIssuers({ ISSUERS: env.ISSUERS }), /JWKS_URL_CORPORATE is missing; set it/);
  });

  it("need no pool where there are other issuers, and one where there are none", () => {
    assert.deepEqual(authorizerSettings(env).pools, []);
    assert.throws(() => authorizerSettings({ ROUTES: "{}" }), /ISSUER/);
  });

  for (const json of ["{", "{}", '[{"name":"A"}]', '[{"name":"a","issuer":"x","audiences":[]}]', "[null]"]) {
    it(`are refused in one sentence when they are ${json}`, () => {
      assert.throws(
        () => parseIssuers({ ISSUERS: json }),
        /^Error: authorizer: ISSUERS must be JSON such as .*set the environment variable ISSUERS$/,
      );
    });
  }
});
