import assert from "node:assert/strict";
import fc from "fast-check";
import { quote, quoteBody } from "../../apps/price-calculator/contract";
import { priceQuote, taxOn } from "../../apps/price-calculator/pricing";

const thousandths = fc.integer({ min: 0, max: 100_000 });
const line = fc.record({
  kind: fc.constantFrom("food" as const, "pet" as const),
  id: fc.constant("an-id"),
  quantity: fc.integer({ min: 1, max: 10_000 }),
  unitPrice: fc.record({ amount: fc.integer({ min: 0, max: 1_000_000_000 }) }),
});
const priced = fc.record({
  currency: fc.constant("EUR"),
  taxPercent: thousandths.map((value) => value / 1_000),
  lines: fc.array(line, { minLength: 1, maxLength: 20 }),
});

describe("quote", () => {
  it("adds up: lines to subtotal, subtotal and tax to total, all safe integers", () => {
    fc.assert(
      fc.property(priced, ({ taxPercent, ...input }) => {
        const answer = priceQuote("q", taxPercent, input);
        assert.ok(quote.safeParse(answer).success);
        assert.equal(
          BigInt(answer.subtotal.amount),
          input.lines.reduce((sum, each) => sum + BigInt(each.quantity) * BigInt(each.unitPrice.amount), 0n),
        );
        assert.equal(answer.total.amount, answer.subtotal.amount + answer.tax.amount);
      }),
    );
  });

  it("rounds tax to the nearest minor unit, halves up", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 15 }), thousandths, (subtotal, rate) => {
        const tax = BigInt(taxOn(subtotal, rate / 1_000));
        const doubled = 2n * BigInt(subtotal) * BigInt(rate);
        assert.ok(2n * tax * 100_000n - doubled <= 100_000n && 2n * tax * 100_000n - doubled > -100_000n);
      }),
    );
  });

  it("knows the cases binary fractions get wrong", () => {
    assert.equal(taxOn(50, 1), 1);
    assert.equal(taxOn(49, 1), 0);
    assert.equal(taxOn(150, 1), 2);
    assert.equal(taxOn(1_005, 10), 101);
    assert.equal(taxOn(1_000, 8.875), 89);
    assert.equal(taxOn(1_000, 1.005), 10);
    assert.equal(taxOn(100_000, 1.0005 + 0.0005), 1_001);
    assert.equal(taxOn(999_999_999_999_999, 100), 999_999_999_999_999);
  });

  it("refuses a tax with a fourth decimal, and takes every one with three", () => {
    const valid = (taxPercent: number) => quoteBody.shape.taxPercent.safeParse(taxPercent).success;
    for (const taxPercent of [8.8755, 0.0001, -1, 100.001, Number.NaN]) {
      assert.equal(valid(taxPercent), false, String(taxPercent));
    }
    fc.assert(fc.property(thousandths, (value) => valid(Number((value / 1_000).toFixed(3)))));
  });
});
