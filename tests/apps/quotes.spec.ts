import assert from "node:assert/strict";
import { HttpError } from "../../apps/kit/errors";
import { priceCalculator } from "../../apps/price-calculator/contract";
import { assertRefused } from "./helpers/answers";
import { harness, type StandInCalls, samples } from "./helpers/services";

const sample = samples.find(({ name }) => name === priceCalculator.name)!;

interface Stored {
  readonly price: { readonly amount: number };
  readonly currency: string;
}
const euros = (amount: number): Stored => ({ price: { amount }, currency: "EUR" });

/** The price calculator in front of stores that have these items, as `food/apple-1`; an error is what a call fails with. */
function calculator(items: Readonly<Record<string, Stored | HttpError>>) {
  const asked: string[] = [];
  const store = (kind: string) => async (input: { readonly params: Readonly<Record<string, string>> }) => {
    const item = `${kind}/${input.params["id"]}`;
    asked.push(item);
    const found = items[item];
    if (found instanceof Error) throw found;
    return found;
  };
  const calls: StandInCalls = { "food-store": { "get-food": store("food") }, "pet-store": { "get-pet": store("pet") } };
  return { ...harness(sample, { calls }), asked };
}

const body = (...lines: readonly (readonly [item: string, quantity: number])[]) => ({
  taxPercent: 10,
  lines: lines.map(([item, quantity]) => {
    const [kind, id] = item.split("/");
    return { kind, id, quantity };
  }),
});

describe("a quote", () => {
  it("has the price that each store says, the total of each line, and the sum with tax", async () => {
    const { put } = calculator({ "food/a": euros(120), "pet/a": euros(90_000) });
    const answer = await put("q-1", body(["food/a", 3], ["pet/a", 1]));
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), {
      id: "q-1",
      currency: "EUR",
      taxPercent: 10,
      lines: [
        { kind: "food", id: "a", quantity: 3, unitPrice: { amount: 120 }, total: { amount: 360 } },
        { kind: "pet", id: "a", quantity: 1, unitPrice: { amount: 90_000 }, total: { amount: 90_000 } },
      ],
      subtotal: { amount: 90_360 },
      tax: { amount: 9_036 },
      total: { amount: 99_396 },
    });
  });

  it("keeps the prices that it was made at", async () => {
    const items: Record<string, Stored> = { "food/a": euros(120) };
    const { put, get, asked } = calculator(items);
    const made = await (await put("q-1", body(["food/a", 1]))).json();
    items["food/a"] = euros(999);
    assert.deepEqual(await (await get("/price-calculator/quotes/q-1")).json(), made);
    assert.deepEqual(asked, ["food/a"], "a quote that is read calls nobody");
  });

  it("asks for each item once, and for all of them at once", async () => {
    let waiting: (() => void)[] = [];
    const ids: string[] = [];
    const get = async ({ params }: { readonly params: Readonly<Record<string, string>> }) => {
      ids.push(params["id"]!);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return euros(1);
    };
    const calls = { "food-store": { "get-food": get }, "pet-store": { "get-pet": get } };
    const answer = harness(sample, { calls }).put(
      "q-1",
      body(["food/a", 1], ["food/b", 1], ["food/a", 2], ["pet/a", 1]),
    );
    while (waiting.length < 3) await new Promise((resolve) => setImmediate(resolve));
    for (const resolve of waiting) resolve();
    waiting = [];
    const { lines } = (await (await answer).json()) as { lines: { total: { amount: number } }[] };
    assert.deepEqual(ids, ["a", "b", "a"]);
    assert.deepEqual(
      lines.map(({ total }) => total.amount),
      [1, 1, 2, 1],
    );
  });

  it("is refused with items that the stores do not have, which are named by their place", async () => {
    const { put, items } = calculator({ "food/a": euros(1), "pet/b": euros(1) });
    const refused = await put("q-1", body(["food/b", 1], ["food/a", 1], ["pet/a", 1]));
    const message = await assertRefused(refused, 400, "unknown_item");
    assert.equal(message, "body.lines[0]: there is no food with this id; body.lines[2]: there is no pet with this id");
    assert.equal(items.items.size, 0);
  });

  it("is refused with prices in two currencies", async () => {
    const { put, items } = calculator({ "food/a": euros(1), "pet/a": { price: { amount: 1 }, currency: "USD" } });
    const refused = await put("q-1", body(["food/a", 1], ["food/a", 1], ["pet/a", 1]));
    const message = await assertRefused(refused, 400, "other_currency");
    assert.equal(message, "body.lines[2]: the price of the item must be in the currency of the first line");
    assert.equal(items.items.size, 0);
  });

  for (const [status, code] of [
    [503, "dependency_unavailable"],
    [502, "dependency_failed"],
  ] as const) {
    it(`fails with ${status} ${code} when a call does, which is not called again`, async () => {
      const failure = new HttpError(status, code, "A service that this one calls failed", new Error("reset"));
      const { put, items, asked } = calculator({ "food/a": euros(1), "pet/a": failure });
      await assertRefused(await put("q-1", body(["food/a", 1], ["pet/a", 1])), status, code);
      assert.deepEqual(asked, ["food/a", "pet/a"]);
      assert.equal(items.items.size, 0);
    });
  }

  it("takes 1 to 20 lines of 1 to 10,000 pieces of a food or a pet, and no price", async () => {
    const { put, asked } = calculator({ "food/a": euros(1) });
    const lines = (number: number) => Array.from({ length: number }, () => ["food/a", 10_000] as const);
    assert.equal((await put("q-1", body(...lines(20)))).status, 200);
    const [line] = body(["food/a", 1]).lines;
    const refused = [
      body(),
      body(...lines(21)),
      body(["food/a", 0]),
      body(["food/a", 10_001]),
      body(["toy/a", 1]),
      body(["food/ä", 1]),
      { ...body(["food/a", 1]), currency: "EUR" },
      { taxPercent: 10, lines: [{ ...line, unitPrice: { amount: 1 } }] },
    ];
    for (const each of refused) await assertRefused(await put("q-2", each), 400, "invalid_body");
    assert.deepEqual(asked, ["food/a"], "what is refused calls nobody");
  });
});
