import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { request } from "undici";
import type { GraphIndex } from "../../../graph/model";
import { type RunningIssuer, startIssuer } from "../../../local/cognito/issuer";
import { signIn } from "../../../local/cognito/sign-in";
import { callback, clientIdOf, issuerOf, keys, plannedIdentity } from "./planned";

const verifier = "v".repeat(43);
const challenge = createHash("sha256").update(verifier).digest("base64url");
const started = Math.floor(Date.now() / 1_000);

describe("local issuer", () => {
  let index: GraphIndex;
  let issuer: RunningIssuer;
  let web: string;
  let service: string;
  let now = Date.now();
  const logs: string[] = [];

  before(async () => {
    index = await plannedIdentity();
    issuer = await startIssuer({ index, port: 0, log: (line) => logs.push(line), clock: () => now, keys });
    web = clientIdOf(index, "web");
    service = clientIdOf(index, "service");
  });
  after(() => issuer.stop());
  beforeEach(() => {
    now = Date.now();
  });

  async function call(
    method: "GET" | "POST",
    path: string,
    form?: Record<string, string>,
    headers: Record<string, string> = {},
  ) {
    const answer = await request(`${issuer.url}${path}`, {
      method,
      headers: { ...(form && { "content-type": "application/x-www-form-urlencoded" }), ...headers },
      ...(form && { body: String(new URLSearchParams(form)) }),
    });
    const text = await answer.body.text();
    const json = String(answer.headers["content-type"]).includes("json") ? JSON.parse(text) : undefined;
    return { status: answer.statusCode, headers: answer.headers, text, json };
  }

  const asking = () => ({
    client_id: web,
    redirect_uri: callback,
    response_type: "code",
    code_challenge: challenge,
    code_challenge_method: "S256",
    state: "s1",
  });
  const authorize = (more: Record<string, string> = {}) =>
    call("POST", "/oauth2/authorize", { ...asking(), username: "ada@example.com", ...more });
  const landing = async (more: Record<string, string> = {}) =>
    new URL(String((await authorize(more)).headers["location"])).searchParams;
  const redeem = (code: string | null, more: Record<string, string> = {}) =>
    call("POST", "/oauth2/token", {
      grant_type: "authorization_code",
      client_id: web,
      redirect_uri: callback,
      code: code ?? "",
      code_verifier: verifier,
      ...more,
    });
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
  });

  it("signs in with code and PKCE and gives tokens like Cognito's", async () => {
    const options = { issuerUrl: issuer.url, user: "ada@example.com", tenant: "acme" };
    const { accessToken, idToken, refreshToken, expiresIn } = await signIn(options);
    const access: any = decodeJwt(accessToken);
    const id: any = decodeJwt(idToken);
    assert.equal(expiresIn, 300);
    assert.ok(refreshToken.length > 40);
    assert.deepEqual(Object.keys(access).sort(), [
      ...["auth_time", "client_id", "event_id", "exp", "iat", "iss", "jti", "origin_jti", "scope", "sub", "token_use"],
      ...["username", "version"],
    ]);
    assert.deepEqual(
      [access.iss, access.client_id, access.token_use, access.scope, access.version, access.exp - access.iat],
      [issuerOf(index), web, "access", "openid email food-store/write", 2, 300],
    );
    assert.deepEqual(
      [id.iss, id.aud, id.token_use, id.email, id["custom:tenantId"], id.exp - id.iat, id.sub],
      [issuerOf(index), web, "id", "ada@example.com", "acme", 360, access.sub],
    );
    assert.match(access.sub, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(id["cognito:username"], access.username);
    assert.equal(access.origin_jti, id.origin_jti);
    assert.ok(access.auth_time >= started);
    assert.equal(access["custom:tenantId"], undefined);
  });

  it("gives the same person the same sub, whatever the case of the address", async () => {
    const tokens = await Promise.all(
      ["a@example.com", "A@example.com", "b@example.com"].map((user) => signIn({ issuerUrl: issuer.url, user })),
    );
    const [a, upper, b] = tokens.map(({ accessToken }) => decodeJwt(accessToken).sub);
    assert.equal(a, upper);
    assert.notEqual(a, b);
  });

  it("signs with the RS256 key that its JWKS has", async () => {
    const { accessToken } = await signIn({ issuerUrl: issuer.url, user: "ada" });
    const url = issuer.jwksUrl(issuerOf(index));
    const { json } = await call("GET", new URL(url).pathname);
    for (const key of json.keys) assert.deepEqual(Object.keys(key).sort(), ["alg", "e", "kid", "kty", "n", "use"]);
    const header = decodeProtectedHeader(accessToken);
    const jwk = json.keys.find(({ kid }: any) => kid === header.kid);
    assert.deepEqual(header, { kid: jwk.kid, alg: "RS256" });
    await jwtVerify(accessToken, createPublicKey({ key: jwk, format: "jwk" }), { issuer: issuerOf(index) });
    assert.throws(() => issuer.jwksUrl("https://other.example.com"), /no planned user pool/);
  });

  it("names the planned issuer and its own endpoints in the discovery document", async () => {
    const { pathname } = new URL(issuer.jwksUrl(issuerOf(index)));
    const { json } = await call("GET", pathname.replace("jwks.json", "openid-configuration"));
    assert.equal(json.issuer, issuerOf(index));
    assert.equal(json.token_endpoint, `${issuer.url}/oauth2/token`);
    assert.equal((await call("GET", "/nope/.well-known/jwks.json")).status, 404);
  });

  it("shows a form that carries the request, escaped, and signs nobody in by GET", async () => {
    const query = new URLSearchParams({ ...asking(), state: '"><script>' });
    const { status, text, headers } = await call("GET", `/login?${query}`);
    assert.equal(status, 200);
    assert.equal(headers["location"], undefined);
    assert.ok(text.includes(`state=${encodeURIComponent('"><script>')}`));
    assert.ok(!text.includes("<script>"));
  });

  it("echoes the state", async () => {
    assert.equal((await landing({ state: "a b&c" })).get("state"), "a b&c");
  });

  for (const [fact, change] of Object.entries<Record<string, string>>({
    "an unknown client": { client_id: "nobody" },
    "a client without the code flow": { client_id: "service" },
    "an unknown redirect URI": { redirect_uri: "http://localhost:3000/other" },
    "a redirect URI with more behind it": { redirect_uri: `${callback}/x` },
    "a redirect URI in another case": { redirect_uri: callback.toUpperCase() },
    "a tenant with a path": { tenant: "../x" },
    "a tenant of 129 characters": { tenant: "t".repeat(129) },
    "a tenant wildcard": { tenant: "*" },
    "an attribute": { "custom:tenantId": "acme" },
    "a user name with markup": { username: "<b>" },
    "an empty user name": { username: "" },
  })) {
    it(`answers ${fact} with a 400 page, never a redirect`, async () => {
      const { status, headers, text } = await authorize(
        change.client_id === "service" ? { client_id: service } : change,
      );
      assert.equal(status, 400);
      assert.equal(headers["location"], undefined);
      assert.ok(!Object.values(change).some((value) => value.length > 8 && text.includes(value)));
    });
  }

  it("refuses a parameter given twice", async () => {
    const { status } = await call("GET", `/oauth2/authorize?${new URLSearchParams(asking())}&client_id=${web}`);
    assert.equal(status, 400);
  });

  for (const [fact, change, error] of [
    ["another response type", { response_type: "id_token" }, "unsupported_response_type"],
    ["no challenge", { code_challenge: "" }, "invalid_request"],
    ["a plain challenge", { code_challenge_method: "plain" }, "invalid_request"],
    ["a scope the client does not have", { scope: "openid food-store/admin" }, "invalid_scope"],
  ] as const) {
    it(`redirects with ${error} on ${fact}`, async () => {
      const parameters = await landing(change);
      assert.deepEqual([parameters.get("error"), parameters.get("code"), parameters.get("state")], [error, null, "s1"]);
    });
  }

  it("demands a challenge of a client without a secret", async () => {
    const { code_challenge: _, code_challenge_method: __, ...rest } = asking();
    const answer = await call("POST", "/oauth2/authorize", { ...rest, username: "ada@example.com" });
    const landed = new URL(String(answer.headers["location"])).searchParams;
    assert.deepEqual([landed.get("error"), landed.get("code")], ["invalid_request", null]);
  });

  it("redeems a code once", async () => {
    const code = (await landing()).get("code");
    assert.equal((await redeem(code)).status, 200);
    const again = await redeem(code);
    assert.deepEqual([again.status, again.json], [400, { error: "invalid_grant" }]);
  });

  for (const [fact, change] of [
    ["another verifier", { code_verifier: "w".repeat(43) }],
    ["another redirect URI", { redirect_uri: "http://localhost:3000/x" }],
  ] as const) {
    it(`refuses a code with ${fact}, and burns it`, async () => {
      const code = (await landing()).get("code");
      assert.deepEqual((await redeem(code, change)).json, { error: "invalid_grant" });
      assert.deepEqual((await redeem(code)).json, { error: "invalid_grant" });
    });
  }

  it("refuses a code without a verifier", async () => {
    const code = (await landing()).get("code") ?? "";
    const form = { grant_type: "authorization_code", client_id: web, redirect_uri: callback, code };
    assert.deepEqual((await call("POST", "/oauth2/token", form)).json, { error: "invalid_grant" });
  });

  it("refuses a code after five minutes", async () => {
    const codes = [(await landing()).get("code"), (await landing()).get("code")];
    now += 299_000;
    assert.equal((await redeem(codes[0]!)).status, 200);
    now += 1_000;
    assert.deepEqual((await redeem(codes[1]!)).json, { error: "invalid_grant" });
  });

  it("leaves the ID token out without openid", async () => {
    const { json } = await redeem((await landing({ scope: "food-store/write" })).get("code"));
    assert.deepEqual(Object.keys(json).sort(), ["access_token", "expires_in", "refresh_token", "token_type"]);
  });

  it("replaces a refresh token and lets the old one work for the planned grace", async () => {
    const first = (await redeem((await landing()).get("code"))).json;
    const refresh = (token: string) =>
      call("POST", "/oauth2/token", { grant_type: "refresh_token", client_id: web, refresh_token: token });
    const second = (await refresh(first.refresh_token)).json;
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal((decodeJwt(second.access_token) as any).origin_jti, (decodeJwt(first.access_token) as any).origin_jti);
    now += 9_000;
    assert.equal((await refresh(first.refresh_token)).status, 200);
    now += 1_000;
    assert.deepEqual((await refresh(first.refresh_token)).json, { error: "invalid_grant" });
    assert.equal((await refresh(second.refresh_token)).status, 200);
    now += 86_400_000;
    assert.deepEqual((await refresh(second.refresh_token)).json, { error: "invalid_grant" });
  });

  it("ends the whole sign-in when one of its refresh tokens is revoked", async () => {
    const { json } = await redeem((await landing()).get("code"));
    const form = { grant_type: "refresh_token", client_id: web, refresh_token: json.refresh_token };
    const { refresh_token } = (await call("POST", "/oauth2/token", form)).json;
    assert.equal((await call("POST", "/oauth2/revoke", { client_id: web, token: json.refresh_token })).status, 200);
    assert.deepEqual((await call("POST", "/oauth2/token", { ...form, refresh_token })).json, {
      error: "invalid_grant",
    });
  });

  it("lets no client revoke what another was given", async () => {
    const { json } = await redeem((await landing()).get("code"));
    const secret = basic(service, issuer.clientSecret(service)!);
    assert.equal((await call("POST", "/oauth2/revoke", { token: json.refresh_token }, secret)).status, 200);
    const form = { grant_type: "refresh_token", client_id: web, refresh_token: json.refresh_token };
    assert.equal((await call("POST", "/oauth2/token", form)).status, 200);
  });

  it("gives a program a token by its secret, in the header or the form", async () => {
    const secret = issuer.clientSecret(service)!;
    const form = { grant_type: "client_credentials" };
    for (const answer of [
      await call("POST", "/oauth2/token", form, basic(service, secret)),
      await call("POST", "/oauth2/token", { ...form, client_id: service, client_secret: secret }),
    ]) {
      const claims: any = decodeJwt(answer.json.access_token);
      assert.deepEqual(Object.keys(answer.json).sort(), ["access_token", "expires_in", "token_type"]);
      assert.deepEqual([claims.sub, claims.client_id, claims.scope], [service, service, "food-store/write"]);
      assert.equal(claims.username, undefined);
    }
  });

  it("refuses a program with a wrong or no secret, and a public client", async () => {
    const form = { grant_type: "client_credentials" };
    assert.deepEqual((await call("POST", "/oauth2/token", form, basic(service, "x"))).json, {
      error: "invalid_client",
    });
    assert.deepEqual((await call("POST", "/oauth2/token", { ...form, client_id: service })).json, {
      error: "invalid_client",
    });
    assert.deepEqual((await call("POST", "/oauth2/token", { ...form, client_id: web })).json, {
      error: "unauthorized_client",
    });
  });

  it("keeps secrets out of the client list and the log", async () => {
    const { json, text } = await call("GET", "/clients");
    assert.deepEqual(
      json.map((client: any) => Object.keys(client)),
      Array(2).fill(["id", "flows", "scopes", "callbackUrls"]),
    );
    assert.ok(![text, ...logs].some((line) => line.includes(issuer.clientSecret(service)!)));
  });

  it("tells who an access token with openid belongs to, and nobody else", async () => {
    const { accessToken, idToken } = await signIn({ issuerUrl: issuer.url, user: "ada" });
    const info = (token: string) => call("GET", "/oauth2/userInfo", undefined, { authorization: `Bearer ${token}` });
    assert.equal((await info(accessToken)).json.sub, decodeJwt(accessToken).sub);
    assert.equal((await info(idToken)).status, 401);
    assert.equal((await info("x")).status, 401);
    now += 301_000;
    assert.equal((await info(accessToken)).status, 401);
  });

  it("lets exactly the origins of callback URLs redeem across origins", async () => {
    const origins = ["http://localhost:3000", "http://localhost:3000.example.com", "null"];
    const allowed = await Promise.all(
      origins.map(
        async (origin) => (await call("GET", "/clients", undefined, { origin })).headers["access-control-allow-origin"],
      ),
    );
    assert.deepEqual(allowed, ["http://localhost:3000", undefined, undefined]);
  });

  it("refuses other hosts, JSON bodies and forms over 16 KB", async () => {
    assert.equal((await call("GET", "/clients", undefined, { host: "evil.example.com" })).status, 403);
    assert.equal((await call("POST", "/oauth2/token", {}, { "content-type": "application/json" })).status, 400);
    const form = { grant_type: "client_credentials", more: "x".repeat(17_000) };
    const { status } = await call("POST", "/oauth2/token", form, basic(service, issuer.clientSecret(service)!));
    assert.equal(status, 400);
  });

  it("refuses a client whose scope no resource server has", async () => {
    const wrong = await plannedIdentity({ allowedOauthScopes: ["openid", "food-store/nope"] });
    await assert.rejects(
      startIssuer({ index: wrong, port: 0, log: () => {}, keys }),
      /allowedOauthScopes.*food-store\/nope/,
    );
  });

  it("says what was refused when signing in from the command line", async () => {
    const options = { issuerUrl: issuer.url, user: "ada" };
    await assert.rejects(signIn({ ...options, clientId: "nobody" }), /client must have the code flow.*got nobody/);
    await assert.rejects(signIn({ ...options, scopes: ["nope/write"] }), /refused: invalid_scope/);
    await assert.rejects(signIn({ ...options, tenant: "../x" }), /refused: tenant must be/);
  });
});
