import assert from "node:assert/strict";
import { createSecretCache } from "../../../apps/authorizer/secret";

const json = (current: string) => {
  const key = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I";
  return JSON.stringify({ current, keys: { "1": key, "2": key } });
};

describe("cache of the tenants' secret", () => {
  function cache() {
    const state = { time: 0, text: json("1") as string | undefined, error: undefined as Error | undefined, reads: 0 };
    const failures: string[] = [];
    const secret = createSecretCache({
      read: async () => {
        state.reads += 1;
        if (state.error) throw state.error;
        return state.text;
      },
      onFailure: (error) => failures.push((error as Error).message),
      now: () => state.time,
    });
    return { secret, state, failures };
  }

  it("reads once for requests at the same time, and again after 60 s, for which a request waits", async () => {
    const { secret, state } = cache();
    await Promise.all([secret(), secret(), secret()]);
    state.text = json("2");
    state.time = 59_999;
    assert.equal((await secret())?.current, "1");
    assert.equal(state.reads, 1);
    state.time = 60_000;
    assert.equal((await secret())?.current, "2");
    assert.equal(state.reads, 2);
  });

  it("keeps the last secret while it cannot be read, and asks again after 30 s", async () => {
    const { secret, state, failures } = cache();
    await secret();
    state.error = new Error("throttled");
    state.time = 60_000;
    for (let i = 0; i < 10; i++) assert.equal((await secret())?.current, "1");
    assert.equal(state.reads, 2);
    state.error = undefined;
    state.text = json("2");
    state.time = 89_999;
    assert.equal((await secret())?.current, "1");
    state.time = 90_000;
    assert.equal((await secret())?.current, "2");
    assert.deepEqual(failures, ["throttled"]);
  });

  it("keeps the last secret when the new one is not valid", async () => {
    const { secret, state, failures } = cache();
    await secret();
    state.text = '{"current":"9"}';
    state.time = 60_000;
    assert.equal((await secret())?.current, "1");
    assert.equal(failures.length, 1);
  });

  it("has none until the first read succeeds, and asks again after 2 s", async () => {
    const { secret, state } = cache();
    state.text = undefined;
    for (let i = 0; i < 10; i++) assert.equal(await secret(), undefined);
    assert.equal(state.reads, 1);
    state.text = json("1");
    state.time = 2_000;
    assert.equal((await secret())?.current, "1");
  });
});
