import * as z from "zod";
import { defineService, readThrottle, writeThrottle } from "../kit/contract";
import { itemChange } from "../kit/item-change";
import { amount, currency, itemId } from "../kit/schemas";

const line = z.strictObject({ kind: z.enum(["food", "pet"]), id: itemId, quantity: z.int().min(1).max(10_000) });
/** A line of the body of `put-quote`: so many pieces of an item of the food store or the pet store. */
export type QuoteLine = z.output<typeof line>;

// `refine` instead of `multipleOf`, which some validators check in binary fractions and then refuse 8.875.
const taxPercent = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => Math.round(value * 1_000) / 1_000 === value, "must have at most three decimals")
  .describe("At most three decimals");

/** Most lines of a quote, and of a basket. */
export const maxLines = 20;
const fields = { taxPercent, lines: z.array(line).min(1).max(maxLines) };
/** Schema of the body of `post-quote`; the service chooses the id. */
export const newQuoteBody = z.strictObject(fields);
/** Schema of the body of `put-quote`. */
export const quoteBody = z.strictObject({ id: itemId.optional(), ...fields });
/** A valid body of `put-quote`. */
export type QuoteBody = z.output<typeof quoteBody>;

/** Schema of a sum, in minor units. 20 lines of 10,000 pieces at 10^9 minor units, doubled by tax, stay below 2^53. */
const sum = z.strictObject({ amount: z.int().min(0) });
/** Schema of a stored quote. */
export const quote = z.strictObject({
  id: itemId,
  currency,
  taxPercent,
  lines: z.array(line.extend({ unitPrice: amount, total: sum })),
  subtotal: sum,
  tax: sum,
  total: sum,
});
/** A stored quote, with its prices and totals. */
export type Quote = z.output<typeof quote>;

const basket = z.strictObject({ lines: z.array(line).max(maxLines) });
/** What the session of a basket keeps. */
export type Basket = z.output<typeof basket>;
const baskets = { data: basket, first: { lines: [] }, idleSeconds: 1_800, maxSeconds: 12 * 3_600 };
const ofBasket = { access: "write", throttle: writeThrottle, session: { of: baskets } } as const;

const sample = {
  taxPercent: 19,
  lines: [
    { kind: "food", id: "apple-1", quantity: 3 },
    { kind: "pet", id: "rex-1", quantity: 1 },
  ],
} as const;
const sampleItems = { "food-store": "apple-1", "pet-store": "rex-1" };
/** What a quote takes of an item that the stores sell. */
const priced = z.object({ price: amount, currency });
const note = {
  method: "POST",
  access: "platform",
  throttle: writeThrottle,
  answer: z.strictObject({ id: itemId }),
} as const;

/** Contract of the price calculator, which computes and stores quotes at the prices of the food store and the pet store. */
export const priceCalculator = defineService({
  name: "price-calculator",
  title: "Price calculator",
  port: 8083,
  table: { hashKey: "id", indexes: [] },
  needs: {
    variables: {
      PRICE_MAX_AGE_SECONDS: { description: "Age up to which a kept price is used, 0 to 86,400", default: "300" },
    },
    tables: { prices: { hashKey: "id", expires: true } },
  },
  consumes: { "food-store": { route: "note-food" }, "pet-store": { route: "note-pet" } },
  calls: { "food-store": ["get-food"], "pet-store": ["get-pet"] },
  routes: {
    "put-quote": {
      method: "PUT",
      path: "/price-calculator/quotes/{id}",
      summary:
        "Stores a quote at prices that are at most five minutes old, a changed one in a second or two; tax is rounded once, half a minor unit up",
      access: "write",
      throttle: writeThrottle,
      body: quoteBody,
      sample,
      sampleItems,
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
    "post-quote": {
      method: "POST",
      path: "/price-calculator/quotes",
      summary: "Stores a quote under a new id, once for each idempotency key, at prices as of `put-quote`",
      access: "write",
      throttle: writeThrottle,
      body: newQuoteBody,
      sample,
      sampleItems,
      answer: quote,
      idempotency: { required: true },
    },
    "start-basket": {
      ...ofBasket,
      method: "POST",
      path: "/price-calculator/basket",
      summary: "Starts an empty basket; its id goes into the header Session-Id of all that concerns it",
      session: { of: baskets, starts: true },
      answer: basket.extend({ sessionId: z.string(), endsAt: z.iso.datetime() }),
    },
    "get-basket": {
      ...ofBasket,
      method: "GET",
      path: "/price-calculator/basket",
      summary: "Reads the basket",
      answer: basket,
    },
    "put-basket-line": {
      ...ofBasket,
      method: "PUT",
      path: "/price-calculator/basket/lines/{id}",
      summary: "Puts so many pieces of an item into the basket, in place of those that are in it; 0 takes it out",
      body: z.strictObject({ kind: line.shape.kind, quantity: z.int().min(0).max(10_000) }),
      sample: { kind: "food", quantity: 3 },
      sampleParams: { id: "apple-1" },
      answer: basket,
    },
    "quote-basket": {
      ...ofBasket,
      method: "POST",
      path: "/price-calculator/basket/quote",
      summary: "Stores a quote of the basket under a new id, as `post-quote` does; the basket stays",
      body: z.strictObject({ taxPercent }),
      sample: { taxPercent: 19 },
      answer: quote,
      idempotency: { required: true },
    },
    "end-basket": {
      ...ofBasket,
      method: "DELETE",
      path: "/price-calculator/basket",
      summary: "Ends the basket, as it was",
      answer: basket,
    },
    "note-food": {
      ...note,
      path: "/price-calculator/changes/foods",
      summary: "Takes note of a change of a food",
      body: itemChange("food-store", priced),
    },
    "note-pet": {
      ...note,
      path: "/price-calculator/changes/pets",
      summary: "Takes note of a change of a pet",
      body: itemChange("pet-store", priced),
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
