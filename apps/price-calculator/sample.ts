import type * as z from "zod";
import type { quoteBody } from "./contract";

/** A valid body of each write route of the price calculator, by route id. */
export const priceCalculatorSamples = {
  "put-quote": {
    currency: "EUR",
    taxPercent: 19,
    lines: [{ sku: "apple-1", description: "Apple", quantity: 3, unitPrice: { amount: 120 } }],
  },
} satisfies Readonly<Record<string, z.input<typeof quoteBody>>>;
