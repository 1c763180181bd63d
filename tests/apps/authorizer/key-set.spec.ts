import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createKeySet, fetchJwks } from "../../../apps/authorizer/key-set";
import { accessToken, jwksOf, signingKey } from "../helpers/tokens";
import { authorizerOf } from "./helpers";

const key = signingKey("key-1");

describe("keys of the tenants' issuer", () => {
  it("are fetched once for all requests", async () => {
    const authorizer = authorizerOf(key);
    const statuses = await Promise.all(
      Array.from({ length: 20 }, () => authorizer.status(`Bearer ${accessToken(key)}`)),
    );
    assert.deepEqual(new Set(statuses), new Set([200]));
    assert.equal(authorizer.fetches(), 1);
  });

  it("are fetched once in 30 s for 1,000 random key ids", async () => {
    let time = Date.now();
    const authorizer = authorizerOf(key, { now: () => time });
    const unknown = () => authorizer.status(`Bearer ${accessToken({ ...key, kid: randomUUID() })}`);
    assert.equal(await authorizer.status(`Bearer ${accessToken(key)}`), 200);
    for (let i = 0; i < 1_000; i++) assert.equal(await unknown(), 401);
    assert.equal(authorizer.fetches(), 1);
    time += 29_999;
    await unknown();
    assert.equal(authorizer.fetches(), 1);
    time += 1;
    await Promise.all(Array.from({ length: 50 }, unknown));
    assert.equal(authorizer.fetches(), 2);
    assert.equal(await authorizer.status(`Bearer ${accessToken(key)}`), 200);
  });

  it("are fetched again for the id of a new key, and replaced", async () => {
    let time = Date.now();
    let jwks = jwksOf(key);
    const authorizer = authorizerOf(key, { now: () => time, fetchKeys: async () => jwks });
    assert.equal(await authorizer.status(`Bearer ${accessToken(key)}`), 200);
    const next = signingKey("key-2");
    jwks = jwksOf(next);
    time += 30_000;
    assert.equal(await authorizer.status(`Bearer ${accessToken(next)}`), 200);
    assert.equal(await authorizer.status(`Bearer ${accessToken(key)}`), 401, "a withdrawn key");
  });

  it("that were replaced under the same id are used after 15 minutes at the latest", async () => {
    let time = Date.now();
    const next = signingKey(key.kid);
    let jwks = jwksOf(key);
    const authorizer = authorizerOf(key, { now: () => time, fetchKeys: async () => jwks });
    const token = `Bearer ${accessToken(key)}`;
    assert.equal(await authorizer.status(token), 200);
    jwks = jwksOf(next);
    time += 15 * 60_000;
    assert.equal(await authorizer.status(token), 200, "the request is not made to wait for the fetch");
    await new Promise(setImmediate);
    assert.equal(await authorizer.status(token), 401);
    assert.equal(await authorizer.status(`Bearer ${accessToken(next)}`), 200);
  });

  it("stay valid while the issuer does not answer", async () => {
    let time = Date.now();
    let down = false;
    const fetchKeys = async () => {
      if (down) throw new Error("no answer");
      return jwksOf(key);
    };
    const authorizer = authorizerOf(key, { now: () => time, fetchKeys });
    assert.equal(await authorizer.status(`Bearer ${accessToken(key)}`), 200);
    down = true;
    for (let i = 0; i < 5; i++) {
      time += 10 * 60_000;
      assert.equal(await authorizer.status(`Bearer ${accessToken(key)}`), 200);
      await new Promise(setImmediate);
    }
    assert.ok(authorizer.fetches() > 2, "it was asked");
    assert.equal(authorizer.lines.length, authorizer.fetches() - 1, "each failure is logged");
  });

  it("refuse a token with 401 until the first ones arrive, which are fetched every 5 s at most", async () => {
    let time = Date.now();
    let down = true;
    const fetchKeys = async () => {
      if (down) throw new Error("no answer");
      return jwksOf(key);
    };
    const authorizer = authorizerOf(key, { now: () => time, fetchKeys });
    const status = () => authorizer.status(`Bearer ${accessToken(key)}`);
    for (let i = 0; i < 100; i++) assert.equal(await status(), 401);
    assert.equal(authorizer.fetches(), 1);
    down = false;
    time += 4_999;
    assert.equal(await status(), 401);
    time += 1;
    assert.equal(await status(), 200);
    assert.equal(authorizer.fetches(), 2);
  });

  it("of an unknown id are no own properties of anything", async () => {
    const set = createKeySet({ fetchKeys: async () => jwksOf(key), onKeys: () => {}, onFailure: () => assert.fail() });
    await set.load();
    for (const kid of ["__proto__", "constructor", "has"]) assert.equal(set.has(kid), false);
    assert.equal(set.has("key-1"), true);
  });
});

describe("fetching the keys", () => {
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) server.close().closeAllConnections();
  });
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  }
  const json = (value: unknown) => serve((_req, res) => res.end(JSON.stringify(value)));

  it("keeps RSA signature keys of RS256 only", async () => {
    const [jwk] = jwksOf(key).keys;
    const others = [
      { use: "enc" },
      { alg: "RS512" },
      { kty: "oct", k: "c2VjcmV0" },
      { kid: undefined },
      { n: undefined },
    ];
    const url = await json({ keys: [null, 1, "x", ...others.map((other) => ({ ...jwk, ...other })), jwk] });
    assert.deepEqual(await fetchJwks(url), { keys: [jwk] });
  });

  it("fails when the answer is no set of keys", async () => {
    for (const value of [null, [], {}, { keys: [] }, { keys: {} }, { keys: "x" }, "x"]) {
      await assert.rejects(fetchJwks(await json(value)), Error, JSON.stringify(value));
    }
    await assert.rejects(fetchJwks(await serve((_req, res) => res.end("{"))), SyntaxError);
    await assert.rejects(fetchJwks(await serve((_req, res) => res.writeHead(500).end("{}"))), /answered 500/);
  });

  it("follows no redirect", async () => {
    const target = await json(jwksOf(key));
    const url = await serve((_req, res) => res.writeHead(302, { location: target }).end());
    await assert.rejects(fetchJwks(url));
  });

  it("stops at 64 KB", async () => {
    const big = { ...jwksOf(key), pad: "x".repeat(65_536) };
    await assert.rejects(fetchJwks(await json(big)), /over 65536 bytes/);
    let written = 0;
    const endless = await serve((_req, res) => {
      const write = () => {
        if (res.destroyed) return;
        written += 16_384;
        res.write("x".repeat(16_384), () => setImmediate(write));
      };
      write();
    });
    await assert.rejects(fetchJwks(endless), /over 65536 bytes/);
    assert.ok(written < 50_000_000, `${written}`);
  });

  it("ends within 2 s when the issuer does not answer, or not to the end", async () => {
    for (const listener of [() => {}, (_req: unknown, res: any) => res.write("{")]) {
      const started = performance.now();
      await assert.rejects(fetchJwks(await serve(listener as RequestListener)));
      const ms = performance.now() - started;
      assert.ok(ms < 3_500, `${ms} ms`);
    }
  });
});
