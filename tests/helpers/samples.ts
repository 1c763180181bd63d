import { catalog } from "../../apps/catalog";

/** Services that tests speak of by name; `npm run new` may add others, which every test must accept. */
export const sampleNames = ["food-store", "pet-store", "price-calculator", "shipping"] as const;

const { "food-store": food, "pet-store": pet, "price-calculator": price, shipping } = catalog;

/** The catalog with these services alone. */
export const sampleCatalog = {
  "food-store": food,
  "pet-store": pet,
  "price-calculator": price,
  shipping,
} as const;

/** The entries of some services by name, without those of others. */
export function ofSamples<Value>(services: Readonly<Record<string, Value>>): Record<string, Value> {
  const names: readonly string[] = sampleNames;
  return Object.fromEntries(Object.entries(services).filter(([name]) => names.includes(name)));
}
