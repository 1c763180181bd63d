import assert from "node:assert/strict";
import { priceCalculator } from "../../apps/price-calculator/contract";
import { assertRefused } from "./helpers/answers";
import { harness, samples } from "./helpers/services";

const sample = samples.find(({ name }) => name === priceCalculator.name)!;
const basket = "/price-calculator/basket";

/** A shopper with a new basket; every item costs what the sample of its store does. */
async function shopper() {
  const { app } = harness(sample);
  const send = (method: string, path: string, id: string, body?: object) =>
    app.request(path, {
      method,
      headers: {
        "content-type": "application/json",
        "x-subject": "ada",
        "session-id": id,
        "idempotency-key": "a-key",
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  const start = async () => (await (await send("POST", basket, "")).json()) as { sessionId: string; lines: unknown[] };
  const started = await start();
  assert.deepEqual(started.lines, []);
  const id = started.sessionId;
  const linesOf = async (answer: Response | Promise<Response>) => ((await (await answer).json()) as any).lines;
  return {
    put: (kind: string, item: string, quantity: number) =>
      send("PUT", `${basket}/lines/${item}`, id, { kind, quantity }),
    get: () => send("GET", basket, id),
    quote: (taxPercent = 10) => send("POST", `${basket}/quote`, id, { taxPercent }),
    quoteAnother: async () => {
      const { sessionId } = await start();
      await send("PUT", `${basket}/lines/a`, sessionId, { kind: "food", quantity: 3 });
      return send("POST", `${basket}/quote`, sessionId, { taxPercent: 10 });
    },
    end: () => send("DELETE", basket, id),
    linesOf,
  };
}

describe("a basket", () => {
  it("has each item once, with the quantity that was put last, in the order in which they came", async () => {
    const { put, get, linesOf } = await shopper();
    await put("food", "a", 3);
    await put("pet", "a", 1);
    const lines = [
      { kind: "food", id: "a", quantity: 5 },
      { kind: "pet", id: "a", quantity: 1 },
    ];
    assert.deepEqual(await linesOf(put("food", "a", 5)), lines);
    assert.deepEqual(await linesOf(get()), lines);
    assert.deepEqual(await linesOf(put("food", "a", 0)), [lines[1]]);
    assert.deepEqual(await linesOf(put("food", "none", 0)), [lines[1]]);
  });

  it("is quoted at the prices of that moment, and stays", async () => {
    const { put, get, quote, linesOf } = await shopper();
    await put("food", "a", 3);
    const answer = await quote();
    assert.equal(answer.status, 200);
    const { id, ...made } = (await answer.json()) as any;
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.deepEqual([made.lines[0].quantity, made.lines.length, made.taxPercent], [3, 1, 10]);
    assert.equal(made.subtotal.amount, 3 * made.lines[0].unitPrice.amount);
    assert.deepEqual(await linesOf(get()), [{ kind: "food", id: "a", quantity: 3 }]);
  });

  it("is part of what its key stands for: with the same key, another basket of the caller has another quote", async () => {
    const { put, quote, quoteAnother } = await shopper();
    await put("food", "a", 3);
    const idOf = async (answer: Response) => ((await answer.json()) as { id: string }).id;
    const id = await idOf(await quote());
    assert.equal(await idOf(await quote()), id);
    assert.notEqual(await idOf(await quoteAnother()), id);
  });

  it("takes 20 items, and a change of one of them, and is refused when it is empty", async () => {
    const { put, quote, get, end, linesOf } = await shopper();
    await assertRefused(await quote(), 400, "basket_empty");
    for (let i = 0; i < 20; i += 1) assert.equal((await put("food", `item-${i}`, 1)).status, 200);
    await assertRefused(await put("food", "item-20", 1), 400, "basket_full");
    assert.equal((await put("food", "item-19", 2)).status, 200);
    assert.equal((await linesOf(get())).length, 20);
    assert.equal((await linesOf(end())).length, 20);
    await assertRefused(await get(), 404, "session_not_found");
    await assertRefused(await quote(), 404, "session_not_found");
  });
});
