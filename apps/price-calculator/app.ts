import { type App, type AppDependencies, serviceApp } from "../kit/app";
import { existing } from "../kit/repository";
import { priceCalculator, type Quote } from "./contract";
import { priceQuote } from "./pricing";

export function createApp(dependencies: AppDependencies<Quote>): App {
  const { items } = dependencies;
  return serviceApp(priceCalculator, dependencies, {
    "put-quote": ({ params, body }) => items.put(priceQuote(params.id, body)),
    "get-quote": ({ params }) => existing(items, params.id),
  });
}
