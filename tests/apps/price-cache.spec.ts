import assert from "node:assert/strict";
import { HttpError } from "../../apps/kit/errors";
import { createLogger } from "../../apps/kit/log";
import { type ItemPrice, priceCache, withPrices } from "../../apps/price-calculator/price-cache";
import { memoryTables } from "./helpers/services";

const euros = (amount: number): ItemPrice => ({ price: { amount }, currency: "EUR" });
const log = createLogger({ service: "price-calculator", write: () => {} });
const apple = { kind: "food", id: "apple" } as const;

describe("the cache of prices", () => {
  let now = 0;
  let asked = 0;
  let answer: ItemPrice | undefined;
  const ask = async () => {
    asked += 1;
    return answer;
  };
  const cacheIn = (table = memoryTables()["prices"]!, maxAgeSeconds = 300) =>
    priceCache(table, { maxAgeSeconds, log, now: () => now });
  const change = (amount: number, at: number, kind: "created" | "changed" | "deleted" = "changed") => ({
    ...{ id: "apple", kind, item: euros(amount), version: at * 1_000 },
  });
  beforeEach(() => {
    now = 1_000_000_000_000;
    asked = 0;
    answer = euros(100);
  });

  it("asks for a price once, and again when it is older than the limit", async () => {
    const cache = cacheIn();
    assert.deepEqual(await cache.find(apple, ask), euros(100));
    answer = euros(150);
    now += 297_999;
    assert.deepEqual(await cache.find(apple, ask), euros(100));
    assert.equal(asked, 1);
    // An answer counts as two seconds older than it is.
    now += 1;
    assert.deepEqual(await cache.find(apple, ask), euros(150));
    assert.equal(asked, 2);
  });

  it("takes the price of a change, of two changes that of the later one, however often and late they come", async () => {
    const cache = cacheIn();
    await cache.find(apple, ask);
    await cache.note("food", change(200, now + 2));
    for (const old of [change(200, now + 2), change(120, now + 1)]) await cache.note("food", old);
    assert.deepEqual(await cache.find(apple, ask), euros(200));
    assert.deepEqual(await cache.find({ kind: "pet", id: "apple" }, ask), euros(100));
    assert.equal(asked, 2);
  });

  it("does not let an answer replace the price of a change that came while the store was asked", async () => {
    const cache = cacheIn();
    const late = async () => {
      const read = await ask();
      await cache.note("food", change(200, now));
      return read;
    };
    assert.deepEqual(await cache.find(apple, late), euros(100));
    assert.deepEqual(await cache.find(apple, ask), euros(200));
    assert.equal(asked, 1);
  });

  it("keeps no price of a deleted item, nor that of an older change of it", async () => {
    const cache = cacheIn();
    await cache.note("food", change(200, now, "deleted"));
    await cache.note("food", change(180, now - 1));
    answer = undefined;
    assert.equal(await cache.find(apple, ask), undefined);
    assert.equal(asked, 1);
  });

  it("asks each time where the limit is zero, and while its table does not answer", async () => {
    const none = cacheIn(undefined, 0);
    for (let turn = 0; turn < 2; turn += 1) await none.find(apple, ask);
    assert.equal(asked, 2);
    const fail = () => Promise.reject(new HttpError(503, "storage_unavailable", "No answer"));
    const broken = cacheIn({ get: fail, put: fail });
    assert.deepEqual(await broken.find(apple, ask), euros(100));
    await assert.rejects(broken.note("food", change(1, now)), { code: "storage_unavailable" });
  });

  it("is made with the age of its environment variable, in seconds of a day at most", () => {
    const make = (PRICE_MAX_AGE_SECONDS: string) =>
      withPrices(() => undefined as never, { PRICE_MAX_AGE_SECONDS, TABLE_PRICES: "prices" })({ log } as never);
    for (const valid of ["0", "300", "86400"]) make(valid);
    for (const invalid of ["", "-1", "1.5", "86401", "5m"]) {
      assert.throws(() => make(invalid), /PRICE_MAX_AGE_SECONDS must be whole seconds from 0 to 86400/, invalid);
    }
  });
});
