import * as z from "zod";
import { defineService, reads, writes } from "../kit/contract";
import { amount, currency, itemId, page, pageOf, slug, text } from "../kit/schemas";

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

export const petBody = z.strictObject({ id: itemId.optional(), ...fields });
export const pet = z.strictObject({ id: itemId, ...fields });
export type Pet = z.output<typeof pet>;

export const petStore = defineService({
  name: "pet-store",
  title: "Pet store",
  port: 8082,
  table: { hashKey: "id", indexes: [{ name: "by-species", hashKey: "species" }] },
  routes: {
    "put-pet": {
      method: "PUT",
      path: "/pet-store/pets/{id}",
      summary: "Stores a pet, whole, over what was there",
      access: "write",
      throttle: writes,
      body: petBody,
      answer: pet,
    },
    "get-pet": {
      method: "GET",
      path: "/pet-store/pets/{id}",
      summary: "Reads one pet",
      access: "open",
      throttle: reads,
      answer: pet,
    },
    "list-pets": {
      method: "GET",
      path: "/pet-store/pets",
      summary: "Lists the pets of one species",
      access: "open",
      throttle: reads,
      query: z.strictObject({ species: slug, ...page }),
      answer: pageOf(pet),
    },
  },
});
