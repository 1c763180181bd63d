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

/** Whether tests speak of a service by name. */
export function isSample(name: string): boolean {
  return (sampleNames as readonly string[]).includes(name);
}

/** The entries of some services by name, without those of others. */
export function ofSamples<Value>(services: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(services).filter(([name]) => isSample(name)));
}
