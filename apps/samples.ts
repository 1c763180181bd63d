import type { ServiceName } from "./catalog";
import { foodStoreSamples } from "./food-store/sample";
import { petStoreSamples } from "./pet-store/sample";
import { priceCalculatorSamples } from "./price-calculator/sample";
import { shippingSamples } from "./shipping/sample";

/** Valid bodies of every service's write routes, by route id: what the story stores. No service imports them. */
export const samples: Readonly<Record<ServiceName, Readonly<Record<string, object>>>> = {
  "food-store": foodStoreSamples,
  "pet-store": petStoreSamples,
  "price-calculator": priceCalculatorSamples,
  shipping: shippingSamples,
};
