import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { admittedTokens } from "../../../apps/authorizer/admitted-tokens";
import { createPreparation } from "../../../apps/authorizer/preparation";
import { issuerVerifier } from "../../../apps/authorizer/token";
import { accessToken, clientId, issuer, jwksOf, signingKey } from "../helpers/tokens";

/** A pool whose keys arrive when `answer` is called, and not while `gone`. */
function pool() {
  const state = { asked: 0, gone: false, now: 0, answer: () => {} };
  const arrives = () => new Promise<void>((resolve) => Object.assign(state, { answer: resolve }));
  const fetchKeys = async () => {
    state.asked++;
    if (state.gone) throw new Error("connect ECONNREFUSED");
    await arrives();
    return jwksOf(signingKey("pool-1"));
  };
  const now = () => state.now;
  const verifier = issuerVerifier(
    { issuer, jwksUrl: `${issuer}/keys`, onFailure: () => {}, fetchKeys, now },
    () => undefined,
  );
  return { state, prepare: verifier.prepare };
}

describe("the keys of both regions' pools", () => {
  it("are waited for by the first request of an environment, before Lambda stops it, and are fetched once", async () => {
    const both = [pool(), pool()];
    // Longer than a busy machine takes to make the keys.
    const prepare = createPreparation(both, 10_000);
    let done = false;
    const first = prepare().then(() => {
      done = true;
    });
    both[0]!.state.answer();
    await new Promise(setImmediate);
    assert.equal(done, false);
    both[1]!.state.answer();
    await first;
    for (const { state } of both) state.now = 60_000;
    await prepare();
    assert.deepEqual(
      both.map(({ state }) => state.asked),
      [1, 1],
    );
  });

  it("do not hold a request up for long when one pool is silent, and are asked for again when it is back", async () => {
    const [own, other] = [pool(), pool()] as const;
    const prepare = createPreparation([own, other], 30);
    other.state.gone = true;
    const first = prepare();
    own.state.answer();
    await first;
    Object.assign(other.state, { gone: false, now: 5_000 });
    await prepare();
    assert.equal(other.state.asked, 2);
    const silent = pool();
    const began = performance.now();
    await createPreparation([silent, pool()], 30)();
    assert.ok(performance.now() - began < 1_000);
  });

  it("are both there after a token of one", async () => {
    const key = signingKey("pool-1");
    const asked: (string | undefined)[] = [];
    const server = createServer(({ url }, answer) => {
      asked.push(url);
      answer.setHeader("content-type", "application/json").end(JSON.stringify(jwksOf(key)));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const pools = [issuer, "https://issuer.example.com/other"].map((each, i) => ({
      ...{ issuer: each, jwksUrl: `http://127.0.0.1:${port}/${i}`, clientIds: [clientId], audiences: [] },
      namesSubject: true,
    }));
    const verify = admittedTokens({ pools, issuers: [] }, (error) => assert.fail(String(error)));
    const verified = await verify(accessToken(key, {}));
    server.close();
    assert.ok(verified);
    assert.deepEqual(asked.sort(), ["/0", "/1"]);
  });

  it("are left to tokens with one pool", async () => {
    const own = pool();
    await createPreparation([own])();
    assert.equal(own.state.asked, 0);
  });
});
