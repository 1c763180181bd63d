import { type App, type AppDependencies, serviceApp } from "../kit/app";
import { getOrNotFound } from "../kit/repository";
import { priceCalculator, type Quote } from "./contract";
import { priceQuote } from "./pricing";

/** Makes the HTTP app of the price calculator. */
export function createApp(dependencies: AppDependencies<Quote>): App {
  const { items } = dependencies;
  return serviceApp(priceCalculator, dependencies, {
    "put-quote": ({ params, body }) => items.put(priceQuote(params.id, body)),
    "get-quote": ({ params }) => getOrNotFound(items, params.id),
  });
}
