import assert from "node:assert/strict";
import { createHmac, sign } from "node:crypto";
import { accessClaims, accessToken, encoded, issuer, signed, signingKey } from "../helpers/tokens";
import { authorizerOf } from "./helpers";

const key = signingKey("key-1");
const seconds = () => Math.floor(Date.now() / 1_000);

describe("tokens of the tenants' authorizer", () => {
  const authorizer = authorizerOf(key, { audiences: ["api"] });
  const statusOfToken = (token: string) => authorizer.status(`Bearer ${token}`);
  const statusOf = (claims: object, header: object = {}) => statusOfToken(accessToken(key, claims, header));

  beforeEach(async () => {
    assert.equal(await statusOf({}), 200, "a valid token");
  });
  afterEach(() => {
    assert.deepEqual(
      authorizer.lines.filter((line) => line.includes('"error"')),
      [],
      "a refused token is no error of the authorizer",
    );
  });

  it("must have three parts", async () => {
    const token = accessToken(key);
    const [header, claims] = token.split(".");
    const wrong = [
      "",
      ".",
      "..",
      "...",
      header!,
      `${header}.${claims}`,
      `${token}.`,
      `${token}.${claims}`,
      `.${token}`,
    ];
    for (const each of wrong) assert.equal(await statusOfToken(each), 401, each);
    assert.equal(await statusOfToken(`${encoded("x")}.${encoded("y")}.${encoded("z")}`), 401, "no JSON");
    for (const header of ["null", "1", '"RS256"', "[]", "{}"]) {
      assert.equal(await statusOfToken(signed(header, accessClaims(), key)), 401, header);
    }
    for (const claims of ["null", "1", '"x"', "[]", "{}", "{"]) {
      assert.equal(await statusOfToken(signed({ alg: "RS256", kid: key.kid }, claims, key)), 401, claims);
    }
  });

  it("must be signed with RS256", async () => {
    for (const alg of [
      "none",
      "None",
      "NONE",
      "nOnE",
      "RS384",
      "RS512",
      "PS256",
      "rs256",
      "",
      undefined,
      null,
      ["RS256"],
    ]) {
      assert.equal(await statusOf({}, { alg }), 401, String(alg));
    }
    for (const alg of ["none", "None", "NONE"]) {
      assert.equal(await statusOfToken(`${encoded({ alg, kid: key.kid })}.${encoded(accessClaims())}.`), 401, alg);
    }
  });

  it("must not be signed with the public key as the secret of HS256", async () => {
    for (const format of ["pkcs1", "spki"] as const) {
      const secret = key.publicKey.export({ type: format, format: "pem" });
      const input = `${encoded({ alg: "HS256", kid: key.kid })}.${encoded(accessClaims())}`;
      const token = `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
      assert.equal(await statusOfToken(token), 401, format);
    }
  });

  it("must be signed by a key of the issuer, unchanged", async () => {
    const other = signingKey(key.kid);
    assert.equal(await statusOfToken(accessToken(other)), 401);
    const [header, claims, signature] = accessToken(key).split(".") as [string, string, string];
    const changed = encoded(accessClaims({ tenant_id: "other" }));
    assert.equal(await statusOfToken(`${header}.${changed}.${signature}`), 401);
    assert.equal(await statusOfToken(`${header}.${claims}.${signature.slice(0, -8)}`), 401);
    assert.equal(await statusOfToken(`${header}.${claims}.${encoded("x")}`), 401);
  });

  it("must name a key of the issuer", async () => {
    const kids = [
      "key-2",
      "",
      undefined,
      null,
      1,
      ["key-1"],
      { kid: "key-1" },
      "../key-1",
      "key-1\0",
      "/etc/passwd",
      "key-1 ",
    ];
    const prototypes = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"];
    for (const kid of [...kids, ...prototypes]) assert.equal(await statusOf({}, { kid }), 401, String(kid));
  });

  it("causes no fetch of the issuer's keys without naming one", async () => {
    const cold = authorizerOf(key);
    for (const kid of [undefined, null, 1, ["key-1"]]) {
      assert.equal(await cold.status(`Bearer ${accessToken(key, {}, { kid })}`), 401);
    }
    assert.equal(cold.fetches(), 0);
  });

  it("never has a key of its own used, and no address in it fetched", async () => {
    const own = signingKey("own");
    const jwk = { ...own.publicKey.export({ format: "jwk" }), kid: key.kid, alg: "RS256", use: "sig" };
    const fetched: string[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (url) => {
      fetched.push(String(url));
      return Response.json({ keys: [jwk] });
    };
    try {
      const address = "https://keys.example.com/jwks.json";
      for (const header of [
        { jwk },
        { jku: address },
        { x5u: address },
        { x5c: [encoded("x")] },
        { jwk, jku: address },
      ]) {
        assert.equal(await statusOfToken(accessToken({ ...own, kid: key.kid }, {}, header)), 401);
      }
      assert.equal(await statusOf({ jku: address, iss: "https://keys.example.com" }), 401);
    } finally {
      globalThis.fetch = fetch;
    }
    assert.deepEqual(fetched, []);
  });

  it("must be valid now", async () => {
    const now = seconds();
    assert.equal(await statusOf({ iat: now - 100, exp: now - 1 }), 401, "expired by a second");
    assert.equal(await statusOf({ iat: now - 100, exp: now }), 401, "expires now");
    assert.equal(await statusOf({ nbf: now + 10 }), 401, "not before");
    assert.equal(await statusOf({ nbf: now - 10 }), 200);
    for (const nbf of ["1", null, [1], Number.MAX_VALUE, now - 0.5])
      assert.equal(await statusOf({ nbf }), 401, String(nbf));
  });

  it("must say when it was issued and when it expires, a day later at most", async () => {
    const now = seconds();
    for (const exp of [undefined, null, 1e300, String(now + 100), [now + 100], now + 100.5, -1, true]) {
      assert.equal(await statusOf({ exp }), 401, `exp ${String(exp)}`);
    }
    for (const iat of [undefined, null, 1e300, String(now), [now], now - 10.5, now + 86_400, true]) {
      assert.equal(await statusOf({ iat }), 401, `iat ${String(iat)}`);
    }
    assert.equal(await statusOf({ iat: now - 10, exp: now - 10 + 86_401 }), 401, "longer than a day");
    assert.equal(await statusOf({ iat: now - 10, exp: now - 10 + 86_400 }), 200);
    assert.equal(await statusOf({ iat: now + 30 }), 200, "the issuer's clock may be ahead a little");
  });

  it("must be of the issuer, for the API's clients and audiences", async () => {
    for (const iss of [`${issuer}/`, "https://issuer.example.com", "", undefined, null, [issuer], { issuer }]) {
      assert.equal(await statusOf({ iss }), 401, `iss ${JSON.stringify(iss)}`);
    }
    for (const client_id of ["other", "", undefined, null, ["1example23456789"], "1example23456789,other"]) {
      assert.equal(await statusOf({ client_id }), 401, `client ${JSON.stringify(client_id)}`);
    }
    for (const aud of ["other", "", null, ["api"], ["api", "other"], "1example23456789", {}]) {
      assert.equal(await statusOf({ aud }), 401, `aud ${JSON.stringify(aud)}`);
    }
    assert.equal(await statusOf({ aud: "api" }), 200);
  });

  it("must be an access token", async () => {
    for (const use of ["id", "refresh", "", undefined, null, ["access"], "Access"]) {
      assert.equal(await statusOf({ token_use: use }), 401, JSON.stringify(use));
    }
    const { client_id: aud, scope: _scope, ...claims } = accessClaims({ token_use: "id" });
    assert.equal(await statusOfToken(signed({ alg: "RS256", kid: key.kid }, { ...claims, aud }, key)), 401, "ID token");
  });

  it("must not demand an extension that is not understood", async () => {
    for (const header of [{ crit: ["b64"], b64: false }, { crit: ["x"] }, { crit: [] }, { crit: null }]) {
      assert.equal(await statusOf({}, header), 401, JSON.stringify(header));
    }
  });

  it("must have a subject that is a plain name, and scopes that are text", async () => {
    for (const sub of [undefined, null, "", 1, ["a"], "a\nb", "a b", "a".repeat(129), '"', "\u202e"]) {
      assert.equal(await statusOf({ sub }), 401, JSON.stringify(sub));
    }
    for (const scope of [null, 1, ["shipping/write"], { scope: "x" }]) {
      assert.equal(await statusOf({ scope }), 401, JSON.stringify(scope));
    }
    assert.equal(await statusOf({ scope: undefined }), 200, "no scopes");
  });

  it("must be canonical base64url", async () => {
    const token = accessToken(key);
    const [header, claims, signature] = token.split(".") as [string, string, string];
    // 256 bytes of a signature leave 4 unused bits in the last character.
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const next = alphabet[alphabet.indexOf(signature.at(-1)!) + 1]!;
    const same = `${signature.slice(0, -1)}${next}`;
    assert.deepEqual(Buffer.from(same, "base64url"), Buffer.from(signature, "base64url"), "the same bytes");
    const standard = Buffer.from(signature, "base64url").toString("base64");
    for (const other of [
      `${signature}=`,
      `${signature}==`,
      same,
      standard,
      `${signature} `,
      `${signature}\n`,
      `${signature}A`,
    ]) {
      assert.equal(await statusOfToken(`${header}.${claims}.${other}`), 401, other.slice(-4));
    }
    // A part that is padded or has spaces, and is signed as it is.
    for (const part of [`${encoded({ alg: "RS256", kid: key.kid, x: 1 })}=`, ` ${header}`]) {
      const input = `${part}.${claims}`;
      const raw = sign("sha256", Buffer.from(input), key.privateKey).toString("base64url");
      assert.equal(await statusOfToken(`${input}.${raw}`), 401, part.slice(0, 4));
    }
  });

  it("must be at most 8,192 characters, and a longer one is not decoded", async () => {
    const padded = (length: number) => {
      const rest = length - accessToken(key, { pad: "" }).length;
      for (let characters = Math.floor((rest * 3) / 4) + 3; ; characters--) {
        const token = accessToken(key, { pad: "x".repeat(characters) });
        if (token.length <= length) return token;
      }
    };
    assert.ok(padded(8_192).length > 8_188);
    assert.equal(await statusOfToken(padded(8_192)), 200);
    assert.equal(await statusOfToken(padded(8_202)), 401);
    const megabyte = `${"A".repeat(1_000_000)}.${"A".repeat(1_000_000)}.AAAA`;
    const decode = Buffer.from;
    let longest = 0;
    Buffer.from = ((value: unknown, ...rest: unknown[]) => {
      longest = Math.max(longest, typeof value === "string" ? value.length : 0);
      return (decode as (...args: unknown[]) => Buffer)(value, ...rest);
    }) as never;
    try {
      assert.equal(await statusOfToken(megabyte), 401);
    } finally {
      Buffer.from = decode;
    }
    assert.ok(longest <= 8_192, `${longest}`);
  });
});
