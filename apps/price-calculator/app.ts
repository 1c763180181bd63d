import { type App, serviceApp } from "../kit/app";
import type { CallDependencies } from "../kit/calls/with-calls";
import { getOrNotFound } from "../kit/repository";
import { priceCalculator, type Quote } from "./contract";
import { findPrices, type StoreCalls } from "./prices";
import { priceQuote } from "./pricing";

/** Makes the HTTP app of the price calculator. */
export function createApp(dependencies: CallDependencies<Quote, StoreCalls>): App {
  const { items, calls } = dependencies;
  return serviceApp(priceCalculator, dependencies, {
    "put-quote": async ({ params, body }) =>
      items.put(priceQuote(params.id, body.taxPercent, await findPrices(calls, body.lines))),
    "get-quote": ({ params }) => getOrNotFound(items, params.id),
  });
}
