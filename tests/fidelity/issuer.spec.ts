import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { request } from "undici";
import type { GraphIndex } from "../../graph/model";
import { type RunningIssuer, startIssuer } from "../../local/cognito/issuer";
import { signIn } from "../../local/cognito/sign-in";
import { callback, clientIdOf, issuerOf, keys, plannedIdentity, signedOut } from "../local/cognito/planned";

const verifier = "v".repeat(43);
const challenge = createHash("sha256").update(verifier).digest("base64url");

/** Each block names the page of the Amazon Cognito developer guide or its API reference that says what is tested. */
describe("the local issuer answers as Cognito", () => {
  let index: GraphIndex;
  let issuer: RunningIssuer;
  let web: string;
  let now = Date.now();

  before(async () => {
    index = await plannedIdentity({ readAttributes: ["email", "email_verified", "custom:tenantId"] });
    issuer = await startIssuer({ index, port: 0, log: () => {}, clock: () => now, keys });
    web = clientIdOf(index, "web");
  });
  after(() => issuer.stop());
  beforeEach(() => {
    now = Date.now();
  });

  async function call(
    method: "GET" | "POST",
    path: string,
    { form, headers = {} }: { form?: Record<string, string>; headers?: Record<string, string> } = {},
  ) {
    const answer = await request(`${issuer.url}${path}`, {
      method,
      headers: { ...(form && { "content-type": "application/x-www-form-urlencoded" }), ...headers },
      ...(form && { body: String(new URLSearchParams(form)) }),
    });
    const { statusCode: status, headers: received } = answer;
    return { status, headers: received, text: await answer.body.text(), location: String(received["location"] ?? "") };
  }

  const asking = (more: Record<string, string> = {}) => ({
    client_id: web,
    redirect_uri: callback,
    response_type: "code",
    code_challenge: challenge,
    code_challenge_method: "S256",
    state: "s1",
    ...more,
  });
  const get = (path: string, query: Record<string, string>, cookie?: string) =>
    call("GET", `${path}?${new URLSearchParams(query)}`, cookie === undefined ? {} : { headers: { cookie } });
  const tokens = (user: string, more: Partial<Parameters<typeof signIn>[0]> = {}) =>
    signIn({ issuerUrl: issuer.url, user, ...more });

  /** Signs in by a name, as programs do. Returns the cookie and where the browser goes. */
  async function submitForm(more: Record<string, string> = {}) {
    const { headers, location } = await call("POST", "/oauth2/authorize", {
      form: { ...asking(more), username: "ada@example.com" },
    });
    return { cookie: String(headers["set-cookie"]).split(";")[0]!, header: String(headers["set-cookie"]), location };
  }

  // https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
  // https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html
  describe("/oauth2/authorize and /login", () => {
    it("sends a browser that is not signed in to the sign-in page, with every parameter", async () => {
      const { status, location } = await get("/oauth2/authorize", asking());
      assert.equal(status, 302);
      const url = new URL(location);
      assert.equal(`${url.origin}${url.pathname}`, `${issuer.url}/login`);
      assert.deepEqual(Object.fromEntries(url.searchParams), asking());
      const page = await get("/login", asking());
      assert.equal(page.status, 200);
      assert.match(page.text, /<form method="post" action="\/login\?client_id=/);
    });

    it("gives a code for the sign-in, and then for the cookie alone, of the same sign-in", async () => {
      const { cookie, header, location } = await submitForm();
      assert.match(location, /^http:\/\/localhost:3000\/callback\?code=[\w-]+&state=s1$/);
      assert.match(header, /^cognito=[\w-]{43}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/);
      now += 60_000;
      const again = await get("/oauth2/authorize", asking({ state: "s2" }), cookie);
      assert.match(again.location, /^http:\/\/localhost:3000\/callback\?code=[\w-]+&state=s2$/);
      const claims = async (to: string) => decodeJwt((await redeem(to)).access_token) as Record<string, unknown>;
      const [first, second] = [await claims(location), await claims(again.location)];
      assert.equal(first["auth_time"], second["auth_time"]);
      assert.equal(first["sub"], second["sub"]);
    });

    it("asks again after an hour, for prompt=login, and at once with another cookie", async () => {
      const { cookie } = await submitForm();
      assert.match((await get("/oauth2/authorize", asking({ prompt: "login" }), cookie)).location, /\/login\?/);
      assert.match((await get("/oauth2/authorize", asking(), "cognito=other")).location, /\/login\?/);
      now += 3_600_000;
      assert.match((await get("/oauth2/authorize", asking(), cookie)).location, /\/login\?/);
    });

    it("answers prompt=none without a form, signed in or not", async () => {
      const { location } = await get("/oauth2/authorize", asking({ prompt: "none" }));
      assert.equal(location, `${callback}?error=login_required&state=s1`);
      const { cookie } = await submitForm();
      assert.match((await get("/oauth2/authorize", asking({ prompt: "none" }), cookie)).location, /callback\?code=/);
    });

    for (const [fact, change, error] of [
      ["no response type", { response_type: undefined }, "invalid_request"],
      ["the implicit grant, which the client does not have", { response_type: "token" }, "unauthorized_client"],
      ["a scope that does not exist", { scope: "nonsense" }, "invalid_scope"],
      ["a plain challenge", { code_challenge_method: "plain" }, "invalid_request"],
    ] as const) {
      it(`redirects with ${error} for ${fact}`, async () => {
        const parameters = Object.entries({ ...asking(), ...change }).filter(([, value]) => value !== undefined);
        for (const path of ["/oauth2/authorize", "/login"]) {
          const { status, location } = await get(path, Object.fromEntries(parameters) as Record<string, string>);
          assert.deepEqual([status, location], [302, `${callback}?error=${error}&state=s1`]);
        }
      });
    }
  });

  // https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
  describe("/logout", () => {
    it("signs the browser out and leads to a sign-out URL of the client, with the state", async () => {
      const { cookie } = await submitForm();
      const { status, location, headers } = await get(
        "/logout",
        { client_id: web, logout_uri: signedOut, state: "s3" },
        cookie,
      );
      assert.deepEqual([status, location], [302, `${signedOut}?state=s3`]);
      assert.match(String(headers["set-cookie"]), /^cognito=; Path=\/; Max-Age=0;/);
      assert.match((await get("/oauth2/authorize", asking(), cookie)).location, /\/login\?/);
    });

    it("leads to the sign-in page with a redirect URI", async () => {
      const { cookie } = await submitForm();
      const { status, location } = await get("/logout", asking(), cookie);
      assert.equal(status, 302);
      assert.match(location, /\/login\?client_id=/);
      assert.match((await get("/oauth2/authorize", asking(), cookie)).location, /\/login\?/);
    });

    it("leads nowhere else", async () => {
      const requests: readonly Record<string, string>[] = [
        { client_id: web },
        { client_id: web, logout_uri: "https://other.example.com" },
        { client_id: web, logout_uri: `${signedOut}/x` },
        { client_id: "other", logout_uri: signedOut },
        { client_id: web, redirect_uri: "https://other.example.com", response_type: "code" },
      ];
      for (const parameters of requests) {
        const { status, location } = await get("/logout", parameters);
        assert.deepEqual([status, location], [400, ""]);
      }
    });

    it("needs a client, as an ID token hint alone does not name one", async () => {
      const { status, text } = await get("/logout", { id_token_hint: "x", post_logout_redirect_uri: signedOut });
      assert.equal(status, 400);
      assert.match(text, /Missing required parameter client_id in request URL/);
    });

    it("leaves tokens valid", async () => {
      const { cookie, location } = await submitForm();
      const { refresh_token: token, access_token: access } = await redeem(location);
      await get("/logout", { client_id: web, logout_uri: signedOut }, cookie);
      const form = { grant_type: "refresh_token", client_id: web, refresh_token: token };
      assert.equal((await call("POST", "/oauth2/token", { form })).status, 200);
      assert.equal((await userInfo(access)).status, 200);
    });
  });

  // https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
  it("names /logout as its end_session_endpoint", async () => {
    const path = new URL(issuer.jwksUrl(issuerOf(index))).pathname.replace("jwks.json", "openid-configuration");
    const document = JSON.parse((await call("GET", path)).text);
    assert.equal(document.end_session_endpoint, `${issuer.url}/logout`);
    assert.deepEqual(Object.keys(document).sort(), [
      "authorization_endpoint",
      "end_session_endpoint",
      "id_token_signing_alg_values_supported",
      "issuer",
      "jwks_uri",
      "response_types_supported",
      "revocation_endpoint",
      "scopes_supported",
      "subject_types_supported",
      "token_endpoint",
      "token_endpoint_auth_methods_supported",
      "userinfo_endpoint",
    ]);
  });

  // https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
  describe("/oauth2/userInfo", () => {
    const keysOf = async (scopes: string[]) => {
      const { accessToken } = await tokens("ada@example.com", { tenant: "acme", scopes });
      const { status, text } = await userInfo(accessToken);
      assert.equal(status, 200);
      return JSON.parse(text);
    };

    it("gives attributes by scope, as texts, and all of them for openid alone", async () => {
      const narrow = await keysOf(["openid", "email"]);
      assert.deepEqual(Object.keys(narrow).sort(), ["email", "email_verified", "sub", "username"]);
      assert.deepEqual([narrow.email, narrow.email_verified], ["ada@example.com", "true"]);
      assert.equal((await keysOf(["openid"]))["custom:tenantId"], "acme");
    });

    it("answers 400 without a token, and 401 to one that is not valid here", async () => {
      const none = await call("GET", "/oauth2/userInfo");
      assert.deepEqual(
        [none.status, none.headers["www-authenticate"]],
        [400, 'error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint"'],
      );
      const { idToken } = await tokens("ada@example.com");
      const wrong = await userInfo(idToken);
      assert.equal(wrong.status, 401);
      assert.match(
        String(wrong.headers["www-authenticate"]),
        /^error="invalid_token", error_description="Access token/,
      );
    });
  });

  // https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
  describe("/oauth2/revoke", () => {
    it("answers an empty 200 for a refresh token and for one that it does not know", async () => {
      const { refreshToken } = await tokens("ada");
      for (const token of [refreshToken, "unknown"]) {
        const { status, text } = await call("POST", "/oauth2/revoke", { form: { client_id: web, token } });
        assert.deepEqual([status, text], [200, ""]);
      }
    });

    // https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
    it("ends what the access tokens of the same sign-in may ask, and no other's", async () => {
      const [first, second] = [await tokens("ada"), await tokens("ada")];
      await call("POST", "/oauth2/revoke", { form: { client_id: web, token: first.refreshToken } });
      const refused = await userInfo(first.accessToken);
      assert.equal(refused.status, 401);
      assert.equal((await userInfo(second.accessToken)).status, 200);
    });

    it("answers 401 to an unknown client, 400 without a token and to an access token", async () => {
      const answer = async (form: Record<string, string>) => {
        const { status, text } = await call("POST", "/oauth2/revoke", { form });
        return [status, text];
      };
      const { accessToken } = await tokens("ada");
      assert.deepEqual(await answer({ client_id: "other", token: "x" }), [401, '{"error":"invalid_client"}']);
      assert.deepEqual(await answer({ client_id: web }), [400, '{"error":"invalid_request"}']);
      assert.deepEqual(await answer({ client_id: web, token: accessToken }), [
        ...[400, '{"error":"unsupported_token_type"}'],
      ]);
    });
  });

  // https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
  // https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
  describe("tokens", () => {
    it("are signed with two keys, one for each kind, which the key set names", async () => {
      const { accessToken, idToken } = await tokens("ada");
      const { keys } = JSON.parse((await call("GET", new URL(issuer.jwksUrl(issuerOf(index))).pathname)).text);
      const kids = [idToken, accessToken].map((token) => decodeProtectedHeader(token).kid);
      assert.deepEqual(
        keys.map(({ kid }: any) => kid),
        kids,
      );
      assert.notEqual(kids[0], kids[1]);
      assert.match(kids[0]!, /^[A-Za-z0-9+/]{43}=$/);
    });

    it("have the hash of the access token in the ID token, after a refresh too", async () => {
      const { location } = await submitForm();
      const first = await redeem(location);
      const form = { grant_type: "refresh_token", client_id: web, refresh_token: first.refresh_token };
      for (const each of [first, JSON.parse((await call("POST", "/oauth2/token", { form })).text)]) {
        const half = createHash("sha256").update(each.access_token).digest().subarray(0, 16);
        assert.equal(decodeJwt(each.id_token)["at_hash"], half.toString("base64url"));
      }
    });

    it("say which kind they are, and live as long as planned", async () => {
      const { accessToken, idToken } = await tokens("ada");
      const of = (token: string) => {
        const { token_use: use, exp, iat, aud, client_id: client } = decodeJwt(token);
        return [use, exp! - iat!, aud, client];
      };
      assert.deepEqual(of(accessToken), ["access", 300, undefined, web]);
      assert.deepEqual(of(idToken), ["id", 360, web, undefined]);
    });

    it("have e-mail and tenant in the ID token alone, as far as the client may read them", async () => {
      const { accessToken, idToken } = await tokens("ada@example.com", { tenant: "acme" });
      const id = decodeJwt(idToken);
      assert.deepEqual([id["email"], id["email_verified"], id["custom:tenantId"]], ["ada@example.com", true, "acme"]);
      assert.equal(decodeJwt(accessToken)["email"], undefined);
      const blind = await plannedIdentity({ readAttributes: ["email"] });
      const other = await startIssuer({ index: blind, port: 0, log: () => {}, keys });
      const narrow = decodeJwt((await signIn({ issuerUrl: other.url, user: "ada@example.com", tenant: "a" })).idToken);
      await other.stop();
      assert.deepEqual(
        [narrow["email"], narrow["email_verified"], narrow["custom:tenantId"]],
        ["ada@example.com", undefined, undefined],
      );
    });
  });

  // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html
  describe("groups", () => {
    const roleOf = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

    it("are in both tokens; their roles in the ID token, of which that with the lowest precedence is preferred", async () => {
      const { accessToken, idToken } = await tokens("ada", { groups: ["staff", "admins", "readers"] });
      const [access, id] = [decodeJwt(accessToken), decodeJwt(idToken)];
      assert.deepEqual([...(access["cognito:groups"] as string[])].sort(), ["admins", "readers", "staff"]);
      assert.deepEqual(access["cognito:groups"], id["cognito:groups"]);
      assert.deepEqual([...(id["cognito:roles"] as string[])].sort(), ["admins", "staff"].map(roleOf));
      assert.equal(id["cognito:preferred_role"], roleOf("admins"));
      assert.deepEqual([access["cognito:roles"], access["cognito:preferred_role"]], [undefined, undefined]);
    });

    it("are those of planned members, and absent without any", async () => {
      assert.deepEqual(decodeJwt((await tokens("grace@example.com")).accessToken)["cognito:groups"], ["staff"]);
      assert.equal(decodeJwt((await tokens("ada")).accessToken)["cognito:groups"], undefined);
    });

    it("are no names that a client makes up", async () => {
      await assert.rejects(tokens("ada", { groups: ["root"] }), /groups must be groups of the user pool/);
    });
  });

  async function redeem(location: string): Promise<any> {
    const code = new URL(location).searchParams.get("code") ?? "";
    const form = { grant_type: "authorization_code", client_id: web, redirect_uri: callback, code };
    return JSON.parse((await call("POST", "/oauth2/token", { form: { ...form, code_verifier: verifier } })).text);
  }

  function userInfo(token: string) {
    return call("GET", "/oauth2/userInfo", { headers: { authorization: `Bearer ${token}` } });
  }
});
