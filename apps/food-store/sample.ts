import type * as z from "zod";
import type { foodBody } from "./contract";

/** A valid body of each write route of the food store, by route id. */
export const foodStoreSamples = {
  "put-food": { name: "Apple", category: "fruit", weightGrams: 180, price: { amount: 120 }, currency: "EUR" },
} as const satisfies Readonly<Record<string, z.input<typeof foodBody>>>;
