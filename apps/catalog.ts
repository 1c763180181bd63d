import { foodStore } from "./food-store/contract";
import type { ServiceContract } from "./kit/contract";
import { petStore } from "./pet-store/contract";
import { priceCalculator } from "./price-calculator/contract";
import { shipping } from "./shipping/contract";

/** Every service, by name: one line each. */
export const catalog = {
  "food-store": foodStore,
  "pet-store": petStore,
  "price-calculator": priceCalculator,
  shipping: shipping,
} as const satisfies Readonly<Record<string, ServiceContract>>;

export type ServiceName = keyof typeof catalog;
export const serviceNames = Object.keys(catalog) as readonly ServiceName[];
