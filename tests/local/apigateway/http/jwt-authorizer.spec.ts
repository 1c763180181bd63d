import assert from "node:assert/strict";
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { exportJWK } from "jose";
import { type AuthorizationResult, JwtAuthorizer } from "../../../../local/apigateway/http/jwt-authorizer";
import { Jwks } from "../../../../local/apigateway/jwks";
import { startIssuer } from "../../../../local/cognito/issuer";
import { signIn } from "../../../../local/cognito/sign-in";
import { keys, plannedIdentity, privateKey } from "../../cognito/planned";
import { recorder, running, serve, stopAll, viaBalancer } from "./helpers/running";

const other = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool";
const now = Math.floor(Date.now() / 1_000);
const good = {
  iss: issuer,
  client_id: "web",
  token_use: "access",
  scope: "openid s/write",
  iat: now - 10,
  exp: now + 290,
};
const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

function token(
  claims: unknown = good,
  header: unknown = { alg: "RS256", kid: "k1" },
  key: KeyObject = privateKey,
): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key).toString("base64url")}`;
}

/** Serves one key as `k1` and counts how often it was asked. */
async function keyServer(key: KeyObject = privateKey) {
  const state = { asked: 0, key, delay: 0, status: 200, body: undefined as string | undefined };
  const { origin, server } = await serve(async (_req, res) => {
    state.asked += 1;
    if (state.delay > 0) await sleep(state.delay);
    const jwk = { ...(await exportJWK(createPublicKey(state.key))), kid: "k1", alg: "RS256", use: "sig" };
    res.writeHead(state.status).end(state.body ?? JSON.stringify({ keys: [jwk] }));
  });
  return { state, server, url: `${origin}/jwks.json` };
}

describe("gateway: JWT authorizer", () => {
  let clock = 0;
  const logs: string[] = [];

  async function authorizer(url?: string) {
    const keys = new Jwks({ url: url ?? (await keyServer()).url, now: () => clock, log: (line) => logs.push(line) });
    const wall = () => now * 1_000 + clock;
    return new JwtAuthorizer(
      { kind: "jwt", header: "authorization", issuer, audiences: ["web", "service"] },
      keys,
      wall,
    );
  }
  const kindOf = (result: AuthorizationResult) => result.kind;

  beforeEach(() => {
    clock = 0;
    logs.length = 0;
  });
  afterEach(stopAll);

  it("admits a good token, with or without Bearer, and gives claims as strings", async () => {
    const checked = await authorizer();
    const claims = { ...good, "cognito:groups": ["a", "b"], email_verified: true };
    for (const value of [token(claims), `Bearer ${token(claims)}`, `bearer ${token(claims)}`]) {
      const result = await checked.check([value], ["s/write"]);
      assert.equal(result.kind, "admitted");
      assert.deepEqual((result as any).claims, {
        iss: issuer,
        client_id: "web",
        token_use: "access",
        scope: "openid s/write",
        iat: String(good.iat),
        exp: String(good.exp),
        "cognito:groups": "[a b]",
        email_verified: "true",
      });
    }
  });

  it("admits any of the scopes, whole words only, and forbids a token with none of them", async () => {
    const checked = await authorizer();
    const kinds = async (...scopes: string[]) => kindOf(await checked.check([token()], scopes));
    assert.equal(await kinds("x", "s/write"), "admitted");
    assert.equal(await kinds("s/writ"), "forbidden");
    assert.equal(await kinds("S/WRITE"), "forbidden");
    assert.equal(await kinds(), "admitted");
    const { scope: _, ...scopeless } = good;
    assert.equal(kindOf(await checked.check([token(scopeless)], ["s/write"])), "forbidden");
  });

  it("takes aud before client_id", async () => {
    const checked = await authorizer();
    const kinds = async (claims: object) => kindOf(await checked.check([token({ ...good, ...claims })], []));
    assert.equal(await kinds({ aud: "service", client_id: "stranger" }), "admitted");
    assert.equal(await kinds({ aud: ["x", "web"] }), "admitted");
    assert.equal(await kinds({ aud: "stranger" }), "unauthorized");
    assert.equal(await kinds({ aud: [] }), "unauthorized");
    assert.equal(await kinds({ aud: { web: "web" } }), "unauthorized");
  });

  it("admits an ID token where no scope is demanded, and forbids it elsewhere, as it has none", async () => {
    const checked = await authorizer();
    const id = token({ ...good, aud: "web", token_use: "id", scope: undefined });
    assert.equal(kindOf(await checked.check([id], [])), "admitted");
    assert.equal(kindOf(await checked.check([id], ["s/write"])), "forbidden");
  });

  it("looks at no claim that AWS does not evaluate, and at no lifetime", async () => {
    const checked = await authorizer();
    for (const claims of [
      { token_use: "refresh" },
      { token_use: ["access"] },
      { exp: 1e300 },
      { exp: good.iat + 86_401 },
      { iat: undefined, exp: now + 86_401 },
      { more: "x".repeat(6_500) },
    ]) {
      assert.equal(kindOf(await checked.check([token({ ...good, ...claims })], ["s/write"])), "admitted");
    }
  });

  it("takes every RSA algorithm with SHA-2, and what a key says it is for", async () => {
    const signed = (alg: string) => {
      const text = `${encode({ alg, kid: "k1" })}.${encode(good)}`;
      return `${text}.${sign(`RSA-SHA${alg.slice(2)}`, Buffer.from(text), privateKey).toString("base64url")}`;
    };
    const checked = await authorizer();
    for (const alg of ["RS256", "RS384", "RS512"]) {
      assert.equal(kindOf(await checked.check([signed(alg)], [])), "admitted", alg);
    }
  });

  const secret = createPublicKey(privateKey).export({ type: "spki", format: "pem" });
  const hmac = (header: object) => {
    const signed = `${encode(header)}.${encode(good)}`;
    return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
  };
  const rs = { alg: "RS256", kid: "k1" };
  const [h, p, s] = token().split(".") as [string, string, string];
  /** The same bytes, another text: the last character has bits that no byte uses. */
  const alternative = `${s.slice(0, -1)}${{ A: "B", Q: "R", g: "h", w: "x" }[s.at(-1)!] ?? "!"}`;

  for (const [fact, value] of Object.entries<string | (() => Promise<string>)>({
    "an empty Bearer": "Bearer ",
    "two parts": `${h}.${p}`,
    "four parts": `${h}.${p}.${s}.${s}`,
    "an empty signature": `${h}.${p}.`,
    "two Bearers": `Bearer Bearer ${token()}`,
    "a tab after Bearer": `Bearer\t${token()}`,
    "two spaces after Bearer": `Bearer  ${token()}`,
    "a space behind": `Bearer ${token()} `,
    "another scheme": `Basic ${token()}`,
    "a list of tokens": `${token()}, ${token()}`,
    "alg none": `${encode({ alg: "none", kid: "k1" })}.${p}.${s}`,
    "alg NONE": `${encode({ alg: "NONE", kid: "k1" })}.${p}.${s}`,
    "alg nOnE without signature": `${encode({ alg: "nOnE" })}.${p}.x`,
    "no alg": token(good, { kid: "k1" }),
    "alg as a list": token(good, { alg: ["RS256"], kid: "k1" }),
    "RS512 in name": token(good, { alg: "RS512", kid: "k1" }),
    "HS256 signed with the public key": hmac({ alg: "HS256", kid: "k1" }),
    "an HMAC named RS256": hmac(rs),
    "a wrong key": token(good, rs, other.privateKey),
    "a changed payload": `${h}.${encode({ ...good, scope: "s/write admin" })}.${s}`,
    "an unknown kid": token(good, { alg: "RS256", kid: "k2" }),
    "no kid": token(good, { alg: "RS256" }),
    "a kid that is a path": token(good, { alg: "RS256", kid: "../../jwks.json" }),
    "a kid of the prototype": token(good, { alg: "RS256", kid: "__proto__" }),
    "a kid that is a list": token(good, { alg: "RS256", kid: ["k1"] }),
    "an unknown critical extension": token(good, { ...rs, crit: ["exp"], exp: 1 }),
    "an empty crit": token(good, { ...rs, crit: [] }),
    "an unencoded payload": token(good, { ...rs, crit: ["b64"], b64: false }),
    "an embedded key": token(
      good,
      { ...rs, kid: "mine", jwk: other.publicKey.export({ format: "jwk" }) },
      other.privateKey,
    ),
    "an embedded key next to a known kid": token(
      good,
      { ...rs, jwk: other.publicKey.export({ format: "jwk" }) },
      other.privateKey,
    ),
    "expired by a second": token({ ...good, exp: now - 1 }),
    "expiring now": token({ ...good, exp: now }),
    "no expiry": token({ ...good, exp: undefined }),
    "an expiry as text": token({ ...good, exp: String(good.exp) }),
    "issued tomorrow": token({ ...good, iat: now + 86_400, exp: now + 86_500 }),
    "an issue time as text": token({ ...good, iat: "1" }),
    "not before in the future": token({ ...good, nbf: now + 1 }),
    "not before as text": token({ ...good, nbf: "0" }),
    "another issuer": token({ ...good, iss: `${issuer}x` }),
    "an issuer list": token({ ...good, iss: [issuer] }),
    "another client": token({ ...good, client_id: "stranger" }),
    "a client list": token({ ...good, client_id: ["web"] }),
    "padding behind the signature": `${h}.${p}.${s}==`,
    "a signature in another spelling": `${h}.${p}.${alternative}`,
    "a signature in base64": `${h}.${p}.${s.replaceAll("-", "+").replaceAll("_", "/")}+`,
    "a megabyte": `${h}.${"a".repeat(1_048_576)}.${s}`,
    "a list as payload": token([good]),
    "null as payload": token("null"),
    "a header that is no JSON": token(good, "nope"),
    "bytes as payload": token("\0\xff"),
  })) {
    it(`refuses ${fact} with 401`, async () => {
      const result = await (await authorizer()).check([value as string], ["s/write"]);
      assert.equal(result.kind, "unauthorized", JSON.stringify(result));
      assert.match(String((result as any).description), /^[a-z0-9' ]+$/i);
    });
  }

  it("refuses two Authorization headers, even the same", async () => {
    assert.equal(kindOf(await (await authorizer()).check([token(), token()], [])), "unauthorized");
  });

  it("never asks where a token's header points", async () => {
    const trap = await keyServer(other.privateKey);
    const checked = await authorizer();
    for (const pointer of ["jku", "x5u"]) {
      const value = token(good, { alg: "RS256", kid: "mine", [pointer]: trap.url }, other.privateKey);
      assert.equal(kindOf(await checked.check([value], [])), "unauthorized");
    }
    assert.equal(trap.state.asked, 0);
  });

  it("remembers a verified token until it expires, and not a second longer", async () => {
    const checked = await authorizer();
    await checked.check([token()], []);
    await checked.check([token()], []); // the first one fetched the keys, so it was verified twice
    const known = checked.check([token()], []);
    assert.ok(!(known instanceof Promise));
    assert.equal(known.kind, "admitted");
    clock = 289_999;
    assert.equal(kindOf(await checked.check([token()], [])), "admitted");
    clock = 290_000;
    assert.equal(kindOf(await checked.check([token()], [])), "unauthorized");
  });

  it("remembers a thousand tokens at most", async () => {
    const checked = await authorizer();
    for (let i = 0; i < 1_002; i++) await checked.check([token({ ...good, jti: i })], []);
    assert.equal((checked as any).verified.size, 1_000);
  });

  it("asks for keys at most once a window, whatever ids tokens name", async () => {
    const { state, url } = await keyServer();
    const checked = await authorizer(url);
    const random = (i: number) => token(good, { alg: "RS256", kid: `random-${i}` });
    // Signed before the first check: signing keeps the process from reading the key server's answer in time.
    const tokens = Array.from({ length: 1_000 }, (_, i) => random(i));
    await Promise.all(tokens.map((each) => checked.check([each], [])));
    assert.equal(state.asked, 1);
    clock = 29_999;
    await checked.check([random(1)], []);
    assert.equal(state.asked, 1);
    clock = 30_000;
    await checked.check([random(1)], []);
    await checked.check([random(2)], []);
    assert.equal(state.asked, 2);
  });

  it("admits with warm keys while their issuer is down, even when they are old", async () => {
    const { state, url } = await keyServer();
    const checked = await authorizer(url);
    await checked.check([token()], []);
    state.status = 500;
    clock = 3 * 60 * 60 * 1_000;
    const later = { ...good, iat: now, exp: now + 4 * 60 * 60 };
    assert.equal(kindOf(await checked.check([token(later)], [])), "admitted");
    await sleep(50);
    assert.equal(state.asked, 2);
    assert.match(logs.join(), /could not be read: status 500/);
  });

  it("denies without keys within 1.5 s, at once for the next two seconds, and then asks again", async () => {
    const { state, url } = await keyServer();
    state.delay = 5_000;
    const checked = await authorizer(url);
    const started = performance.now();
    assert.equal(kindOf(await checked.check([token()], [])), "unauthorized");
    const took = performance.now() - started;
    assert.ok(took > 1_400 && took < 3_000, `took ${took} ms`);
    state.delay = 0;
    assert.equal(kindOf(await checked.check([token()], [])), "unauthorized");
    assert.equal(state.asked, 1);
    clock = 2_000;
    assert.equal(kindOf(await checked.check([token()], [])), "admitted");
  }).timeout(5_000);

  const ours = createPublicKey(privateKey).export({ format: "jwk" });
  for (const [fact, body] of [
    ["garbage", "nope"],
    ["over 64 KB", JSON.stringify({ keys: [{ ...ours, kid: "k1" }], more: "x".repeat(70_000) })],
    ["no list", '{"keys":{}}'],
    ["keys for encryption", JSON.stringify({ keys: [{ ...ours, kid: "k1", use: "enc" }] })],
    ["an HMAC key", JSON.stringify({ keys: [{ kty: "oct", kid: "k1", k: "AA" }] })],
  ] as const) {
    it(`denies when the issuer's keys are ${fact}`, async () => {
      const { state, url } = await keyServer();
      state.body = body;
      assert.equal(kindOf(await (await authorizer(url)).check([token()], [])), "unauthorized");
    });
  }

  it("forgets verified tokens when their key is gone", async () => {
    const { state, url } = await keyServer();
    const checked = await authorizer(url);
    for (let i = 0; i < 3; i++) await checked.check([token()], []);
    state.key = other.privateKey;
    clock = 30_000;
    await checked.check([token(good, { alg: "RS256", kid: "new" })], []);
    assert.equal(kindOf(await checked.check([token()], [])), "unauthorized");
  });

  describe("in the gateway", () => {
    const plan = { routes: [{ key: "GET /a" }, { key: "PUT /a", scopes: ["food-store/write"] }] };

    async function withIssuer() {
      const index = await plannedIdentity();
      const local = await startIssuer({ index, port: 0, log: () => {}, keys });
      const { origin, received } = await recorder();
      const pool = index.ofType("aws:cognito/userPool:UserPool")[0]!;
      const [web, service] = ["web", "service"].map(
        (name) =>
          index.ofType("aws:cognito/userPoolClient:UserPoolClient").find((client) => client.name === name)!.outputs[
            "id"
          ],
      );
      const authorizer = {
        jwtConfiguration: { issuer: `https://${pool.outputs["endpoint"]}`, audiences: [web, service] },
      };
      const gateway = await running({ ...plan, authorizer }, viaBalancer(origin), { jwksUrl: local.jwksUrl });
      const put = (authorization?: string) =>
        gateway.send("PUT", "/a", { headers: authorization === undefined ? {} : { authorization } });
      return { gateway, received, put, local };
    }

    it("GET is open; PUT is 401 without a token, 403 without the scope, 200 with it", async () => {
      const { gateway, put, local, received } = await withIssuer();
      const tokens = await signIn({ issuerUrl: local.url, user: "ada" });
      const scopeless = await signIn({ issuerUrl: local.url, user: "ada", scopes: ["email"] });
      assert.equal((await gateway.get("/a")).status, 200);
      const missing = await put();
      assert.deepEqual(
        [missing.status, missing.text, missing.headers["www-authenticate"]],
        [401, '{"message":"Unauthorized"}', "Bearer"],
      );
      const invalid = await put("Bearer nope");
      assert.equal(invalid.status, 401);
      assert.equal(
        invalid.headers["www-authenticate"],
        'Bearer scope="" error="invalid_token" error_description="token contains an invalid number of segments"',
      );
      const forbidden = await put(scopeless.accessToken);
      assert.deepEqual([forbidden.status, forbidden.text], [403, '{"message":"Forbidden"}']);
      assert.equal(
        forbidden.headers["www-authenticate"],
        'Bearer scope="food-store/write" error="insufficient_scope" error_description="expected scopes: [food-store/write]"',
      );
      assert.equal((await put(tokens.idToken)).status, 403);
      assert.equal((await put(`Bearer ${tokens.accessToken}`)).status, 200);
      assert.deepEqual(
        received.map(({ method }) => method),
        ["GET", "PUT"],
      );
      await local.stop();
      assert.equal((await put(`Bearer ${tokens.accessToken}`)).status, 200);
    });

    it("keeps tokens out of every log", async () => {
      const { gateway, put, local } = await withIssuer();
      const { accessToken } = await signIn({ issuerUrl: local.url, user: "ada" });
      await put(accessToken);
      await put(`${accessToken}x`);
      await sleep(20);
      assert.equal(gateway.access.length, 2);
      assert.ok(![...gateway.access, ...gateway.logs].join().includes(accessToken.slice(0, 40)));
      assert.match(gateway.access[1]!, /"auth":"invalid_token: the token/);
      await local.stop();
    });

    it("refuses two Authorization headers of which one is good", async () => {
      const { gateway, local } = await withIssuer();
      const { accessToken } = await signIn({ issuerUrl: local.url, user: "ada" });
      const headers = ["authorization", accessToken, "authorization", "nope"];
      assert.equal((await gateway.send("PUT", "/a", { headers })).status, 401);
      await local.stop();
    });
  });
});
