import assert from "node:assert/strict";
import { authorizationOf, keySet, type TokenSpec } from "../../../fidelity/tokens";
import { serve, stopAll } from "../http/helpers/running";
import { runningRest, stopGateways } from "./helpers/running";

const now = 1_795_635_542_000;
const iss = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool";
const claims = { iss, sub: "u1", exp: now / 1_000 + 60, "cognito:groups": ["a", "b"] };
const id = { ...claims, token_use: "id", aud: "client" };
const access = { ...claims, token_use: "access", client_id: "client", scope: "other/read shop/write" };
const resources = {
  "/id": { GET: { auth: "authorizer" } },
  "/scoped": { GET: { auth: "authorizer", scopes: ["shop/write", "shop/admin"] } },
} as const;

describe("REST gateway: Cognito authorizer", () => {
  afterEach(async () => {
    await stopGateways();
    await stopAll();
  });

  async function running() {
    const body = await keySet();
    const { origin } = await serve((_req, res) => res.end(body));
    const poolArns = ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_pool"];
    return runningRest(
      { resources, authorizer: { type: "COGNITO_USER_POOLS", poolArns } },
      { clock: { wall: () => now, monotonic: () => performance.now() }, jwksUrl: () => `${origin}/jwks.json` },
    );
  }

  it("admits an identity token without scopes, an access token with one of them, with and without Bearer", async () => {
    const { get, compute } = await running();
    const status = async (path: string, spec: TokenSpec) =>
      (await get(path, { authorization: authorizationOf(spec) })).status;
    assert.equal(await status("/id", { claims: id }), 200);
    assert.equal(await status("/id", { claims: id, prefix: "" }), 200);
    assert.equal(await status("/scoped", { claims: access }), 200);
    assert.deepEqual(compute.events[0].requestContext.authorizer.claims, {
      ...{ iss, sub: "u1", exp: String(claims.exp), "cognito:groups": "a,b", token_use: "id", aud: "client" },
    });
    assert.equal(await status("/id", { claims: access }), 401);
    assert.equal(await status("/scoped", { claims: id }), 401);
    assert.equal(await status("/scoped", { claims: { ...access, scope: "shop/read" } }), 401);
  });

  const refused: readonly [string, TokenSpec][] = [
    ["of another issuer", { claims: { ...id, iss: `${iss}x` } }],
    ["with another key", { claims: id, header: { kid: "k2" } }],
    ["with a key id of a prototype", { claims: id, header: { kid: "__proto__" } }],
    ["signed with the public key as a secret", { claims: id, alg: "HS256" }],
    ["without an algorithm", { claims: id, header: { alg: "none" } }],
    ["that is not valid yet", { claims: { ...id, nbf: now / 1_000 + 1 } }],
    ["without an expiry", { claims: { ...id, exp: "(absent)" } }],
  ];
  for (const [what, spec] of refused) {
    it(`refuses a token ${what}`, async () => {
      const { get } = await running();
      const { status } = await get("/id", { authorization: authorizationOf(spec) });
      assert.equal(status, 401);
    });
  }

  it("says that a token has expired, and nothing of any other fault", async () => {
    const { get } = await running();
    const expired = await get("/id", { authorization: authorizationOf({ claims: { ...id, exp: now / 1_000 } }) });
    assert.deepEqual([expired.status, expired.text], [401, '{"message":"The incoming token has expired"}']);
    for (const token of ["", "x", "a.b", "a.b.c", "x".repeat(9_000)]) {
      const { status, text } = await get("/id", { authorization: token });
      assert.deepEqual([status, text], [401, '{"message":"Unauthorized"}'], token.slice(0, 10));
    }
  });
});
