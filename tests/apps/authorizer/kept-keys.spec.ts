import assert from "node:assert/strict";
import { type KeyStore, keepingKeys } from "../../../apps/authorizer/kept-keys";
import type { Jwks } from "../../../apps/authorizer/key-set";

const keysOf = (...kids: string[]): Jwks => ({
  keys: kids.map((kid) => ({ kid, kty: "RSA", alg: "RS256", use: "sig", n: "n", e: "AQAB" })),
});

describe("the keys of a user pool that are kept outside of it", () => {
  const issuer = "https://issuer.example.com/pool";
  /** A store, what is done to it, and an authorizer's keys that arrive or fail. */
  const world = (answers: readonly (Jwks | Error)[], kept?: Jwks, store: Partial<KeyStore> = {}) => {
    const seen = { kept, reads: 0, writes: 0, failures: [] as string[] };
    const left = [...answers];
    const fetchKeys = async () => {
      const answer = left.shift()!;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const keys = keepingKeys({
      issuer,
      fetchKeys,
      onFailure: (error) => void seen.failures.push((error as Error).message),
      store: {
        async read(of) {
          assert.equal(of, issuer);
          seen.reads += 1;
          return seen.kept;
        },
        async write(of, jwks) {
          assert.equal(of, issuer);
          seen.writes += 1;
          seen.kept = jwks;
        },
        ...store,
      },
    });
    return { keys, seen };
  };
  const gone = new Error("the region is gone");

  it("are written by who fetches them first, and again when they are others", async () => {
    const { keys, seen } = world([keysOf("a"), keysOf("a"), keysOf("a", "b")]);
    for (const _ of [1, 2]) assert.deepEqual(await keys(), keysOf("a"));
    assert.deepEqual([seen.kept, seen.reads, seen.writes], [keysOf("a"), 1, 1]);
    assert.deepEqual(await keys(), keysOf("a", "b"));
    assert.deepEqual([seen.kept, seen.reads, seen.writes], [keysOf("a", "b"), 1, 2]);
  });

  it("are not written by who finds the same there", async () => {
    const { keys, seen } = world([keysOf("a")], keysOf("a"));
    assert.deepEqual(await keys(), keysOf("a"));
    assert.deepEqual([seen.reads, seen.writes], [1, 0]);
  });

  it("are those of the store while they do not arrive, and that is told", async () => {
    const { keys, seen } = world([gone, keysOf("b")], keysOf("a"));
    assert.deepEqual(await keys(), keysOf("a"));
    assert.deepEqual([seen.failures, seen.writes], [[gone.message], 0]);
    assert.deepEqual(await keys(), keysOf("b"));
    assert.deepEqual(seen.kept, keysOf("b"));
  });

  it("are none where the store has none either", async () => {
    await assert.rejects(world([gone]).keys(), gone);
    const failing = world([gone], undefined, { read: () => Promise.reject(new Error("no table")) });
    await assert.rejects(failing.keys(), gone);
    assert.deepEqual(failing.seen.failures, ["no table"]);
  });

  it("are there although the store fails", async () => {
    const { keys, seen } = world([keysOf("a")], undefined, { write: () => Promise.reject(new Error("no table")) });
    assert.deepEqual(await keys(), keysOf("a"));
    assert.deepEqual(seen.failures, ["no table"]);
  });
});
