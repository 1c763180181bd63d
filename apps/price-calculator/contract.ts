import * as z from "zod";
import { defineService, reads, writes } from "../kit/contract";
import { amount, currency, itemId, text } from "../kit/schemas";

const line = z.strictObject({
  sku: itemId,
  description: text(200).optional(),
  quantity: z.int().min(1).max(10_000),
  unitPrice: amount,
});

// Refined, not `multipleOf`: that is checked in binary fractions by some validators, which then refuse 8.875.
const taxPercent = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => Math.round(value * 1_000) / 1_000 === value, "must have at most three decimals")
  .describe("At most three decimals");

const terms = { currency, taxPercent };

export const quoteBody = z.strictObject({ id: itemId.optional(), ...terms, lines: z.array(line).min(1).max(100) });
export type QuoteBody = z.output<typeof quoteBody>;

/** 100 lines of 10,000 pieces at 10^9 minor units, and as much again in tax, stay below 2^53. */
const sum = z.strictObject({ amount: z.int().min(0) });
export const quote = z.strictObject({
  id: itemId,
  ...terms,
  lines: z.array(line.extend({ total: sum })),
  subtotal: sum,
  tax: sum,
  total: sum,
});
export type Quote = z.output<typeof quote>;

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
      throttle: writes,
      body: quoteBody,
      answer: quote,
    },
    "get-quote": {
      method: "GET",
      path: "/price-calculator/quotes/{id}",
      summary: "Reads one quote",
      access: "open",
      throttle: reads,
      answer: quote,
    },
  },
});
