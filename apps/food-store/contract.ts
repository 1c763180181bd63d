import * as z from "zod";
import { defineService, readThrottle, writeThrottle } from "../kit/contract";
import { amount, currency, itemId, pageOf, pageParameters, slug, text } from "../kit/schemas";

const fields = {
  name: text(120),
  category: slug,
  brand: text(80).optional(),
  weightGrams: z.int().min(1).max(50_000),
  price: amount,
  currency,
  allergens: z.array(slug).max(30).optional(),
};

const foodBody = z.strictObject({ id: itemId.optional(), ...fields });
/** Schema of a stored food. */
export const food = z.strictObject({ id: itemId, ...fields });
/** A stored food. */
export type Food = z.output<typeof food>;

/** An export reads a whole category: fewer at a time. */
const exportThrottle = { rate: 10, burst: 10 };

/** Contract of the food store, which stores foods and lists them by category. */
export const foodStore = defineService({
  name: "food-store",
  title: "Food store",
  port: 8081,
  publishes: true,
  table: { hashKey: "id", indexes: [{ name: "by-category", hashKey: "category" }] },
  routes: {
    "put-food": {
      method: "PUT",
      path: "/food-store/foods/{id}",
      summary: "Stores a food, or replaces the whole of the one with this id",
      access: "write",
      throttle: writeThrottle,
      body: foodBody,
      sample: { name: "Apple", category: "fruit", weightGrams: 180, price: { amount: 120 }, currency: "EUR" },
      answer: food,
    },
    "get-food": {
      method: "GET",
      path: "/food-store/foods/{id}",
      summary: "Reads one food",
      access: "open",
      throttle: readThrottle,
      answer: food,
    },
    "list-foods": {
      method: "GET",
      path: "/food-store/foods",
      summary: "Lists the foods of one category",
      access: "open",
      throttle: readThrottle,
      query: z.strictObject({ category: slug, ...pageParameters }),
      answer: pageOf(food),
    },
    "export-foods": {
      method: "GET",
      path: "/food-store/export",
      summary: "Returns all foods of one category, a line each",
      access: "open",
      throttle: exportThrottle,
      query: z.strictObject({ category: slug }),
      answer: food,
      stream: true,
    },
  },
  gateway: {
    "get-price": {
      method: "GET",
      path: "/food-store/prices/{id}",
      summary: "Reads the price of one food from the table, without a server",
      access: "open",
      throttle: readThrottle,
      answer: {
        kind: "item",
        attributes: ["price", "currency"],
        template: '{"price":{"amount":$item.price.M.amount.N},"currency":"$item.currency.S"}',
      },
    },
  },
});
