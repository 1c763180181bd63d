import * as z from "zod";
import { defineService, readThrottle, writeThrottle } from "../kit/contract";
import { amount, currency, itemId, text } from "../kit/schemas";

const line = z.strictObject({
  sku: itemId,
  description: text(200).optional(),
  quantity: z.int().min(1).max(10_000),
  unitPrice: amount,
});

// `refine` instead of `multipleOf`, which some validators check in binary fractions and then refuse 8.875.
const taxPercent = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => Math.round(value * 1_000) / 1_000 === value, "must have at most three decimals")
  .describe("At most three decimals");

const terms = { currency, taxPercent };

/** Schema of the body of `put-quote`. */
export const quoteBody = z.strictObject({ id: itemId.optional(), ...terms, lines: z.array(line).min(1).max(100) });
/** A valid body of `put-quote`. */
export type QuoteBody = z.output<typeof quoteBody>;

/** Schema of a sum, in minor units. 100 lines of 10,000 pieces at 10^9 minor units, doubled by tax, stay below 2^53. */
const sum = z.strictObject({ amount: z.int().min(0) });
/** Schema of a stored quote. */
export const quote = z.strictObject({
  id: itemId,
  ...terms,
  lines: z.array(line.extend({ total: sum })),
  subtotal: sum,
  tax: sum,
  total: sum,
});
/** A stored quote, with its totals. */
export type Quote = z.output<typeof quote>;

/** Contract of the price calculator, which computes and stores quotes. */
export const priceCalculator = defineService({
  name: "price-calculator",
  title: "Price calculator",
  port: 8083,
  table: { hashKey: "id", indexes: [] },
  routes: {
    "put-quote": {
      method: "PUT",
      path: "/price-calculator/quotes/{id}",
      summary: "Computes and stores a quote; tax is rounded once, on the subtotal, half a minor unit up",
      access: "write",
      throttle: writeThrottle,
      body: quoteBody,
      sample: {
        currency: "EUR",
        taxPercent: 19,
        lines: [{ sku: "apple-1", description: "Apple", quantity: 3, unitPrice: { amount: 120 } }],
      },
      answer: quote,
    },
    "get-quote": {
      method: "GET",
      path: "/price-calculator/quotes/{id}",
      summary: "Reads one quote",
      access: "open",
      throttle: readThrottle,
      answer: quote,
    },
  },
  gateway: {
    "get-rounding": {
      method: "GET",
      path: "/price-calculator/rounding",
      summary: "Says how quotes are rounded",
      access: "open",
      throttle: readThrottle,
      answer: {
        kind: "fixed",
        body: { unit: "one hundredth of the currency", tax: "once, on the subtotal", halves: "up" },
      },
    },
  },
});
