import * as z from "zod";
import { defineService, readThrottle, writeThrottle } from "../kit/contract";
import { amount, currency, itemId, pageOf, pageParameters, slug, text } from "../kit/schemas";

const fields = {
  name: text(80),
  species: slug,
  breed: text(80).optional(),
  sex: z.enum(["female", "male", "unknown"]),
  ageMonths: z.int().min(0).max(1_800),
  price: amount,
  currency,
  status: z.enum(["available", "reserved", "sold"]),
};

const petBody = z.strictObject({ id: itemId.optional(), ...fields });
const pet = z.strictObject({ id: itemId, ...fields });
/** A stored pet. */
export type Pet = z.output<typeof pet>;

/** Contract of the pet store, which stores pets and lists them by species. */
export const petStore = defineService({
  name: "pet-store",
  title: "Pet store",
  port: 8082,
  table: { hashKey: "id", indexes: [{ name: "by-species", hashKey: "species" }] },
  routes: {
    "put-pet": {
      method: "PUT",
      path: "/pet-store/pets/{id}",
      summary: "Stores a pet, or replaces the whole of the one with this id",
      access: "write",
      throttle: writeThrottle,
      body: petBody,
      sample: {
        name: "Rex",
        species: "dog",
        sex: "male",
        ageMonths: 30,
        price: { amount: 90_000 },
        currency: "EUR",
        status: "available",
      },
      answer: pet,
    },
    "get-pet": {
      method: "GET",
      path: "/pet-store/pets/{id}",
      summary: "Reads one pet",
      access: "open",
      throttle: readThrottle,
      answer: pet,
    },
    "list-pets": {
      method: "GET",
      path: "/pet-store/pets",
      summary: "Lists the pets of one species",
      access: "open",
      throttle: readThrottle,
      query: z.strictObject({ species: slug, ...pageParameters }),
      answer: pageOf(pet),
    },
  },
});
