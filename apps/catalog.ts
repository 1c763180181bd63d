import { foodStore } from "./food-store/contract";
import type { ServiceContract } from "./kit/contract";
import { openApiService } from "./kit/openapi-service";
import { petStore } from "./pet-store/contract";
import { priceCalculator } from "./price-calculator/contract";
import reviews from "./reviews/openapi.json";
import { shipping } from "./shipping/contract";

/** Contracts of all services, by service name. A new service gets one line here. */
export const catalog = {
  "food-store": foodStore,
  "pet-store": petStore,
  "price-calculator": priceCalculator,
  shipping: shipping,
  reviews: openApiService(reviews),
} as const satisfies Readonly<Record<string, ServiceContract>>;

/** Name of a service in the catalog. */
export type ServiceName = keyof typeof catalog;
/** Names of all services, in the order of the catalog. */
export const serviceNames = Object.keys(catalog) as readonly ServiceName[];
