import type * as z from "zod";
import type { petBody } from "./contract";

/** A valid body of each write route of the pet store, by route id. */
export const petStoreSamples = {
  "put-pet": {
    name: "Rex",
    species: "dog",
    sex: "male",
    ageMonths: 30,
    price: { amount: 90_000 },
    currency: "EUR",
    status: "available",
  },
} as const satisfies Readonly<Record<string, z.input<typeof petBody>>>;
