import * as z from "zod";
import { defineService, reads, writes } from "../kit/contract";
import { amount, currency, itemId, page, pageOf, slug, text } from "../kit/schemas";

const fields = {
  name: text(120),
  category: slug,
  brand: text(80).optional(),
  weightGrams: z.int().min(1).max(50_000),
  price: amount,
  currency,
  allergens: z.array(slug).max(30).optional(),
};

export const foodBody = z.strictObject({ id: itemId.optional(), ...fields });
export const food = z.strictObject({ id: itemId, ...fields });
export type Food = z.output<typeof food>;

export const foodStore = defineService({
  name: "food-store",
  title: "Food store",
  port: 8081,
  table: { hashKey: "id", indexes: [{ name: "by-category", hashKey: "category" }] },
  routes: {
    "put-food": {
      method: "PUT",
      path: "/food-store/foods/{id}",
      summary: "Stores a food, whole, over what was there",
      access: "write",
      throttle: writes,
      body: foodBody,
      answer: food,
    },
    "get-food": {
      method: "GET",
      path: "/food-store/foods/{id}",
      summary: "Reads one food",
      access: "open",
      throttle: reads,
      answer: food,
    },
    "list-foods": {
      method: "GET",
      path: "/food-store/foods",
      summary: "Lists the foods of one category",
      access: "open",
      throttle: reads,
      query: z.strictObject({ category: slug, ...page }),
      answer: pageOf(food),
    },
  },
});
