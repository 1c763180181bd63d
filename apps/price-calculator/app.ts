import { type App, serviceApp } from "../kit/app";
import type { CallDependencies } from "../kit/calls/with-calls";
import { getOrNotFound } from "../kit/repository";
import { priceCalculator, type Quote, type QuoteBody } from "./contract";
import { findPrices, type StoreCalls } from "./prices";
import { priceQuote } from "./pricing";

/** Makes the HTTP app of the price calculator. */
export function createApp(dependencies: CallDependencies<Quote, StoreCalls>): App {
  const { items, calls } = dependencies;
  const store = async (id: string, { taxPercent, lines }: Pick<QuoteBody, "taxPercent" | "lines">) =>
    items.put(priceQuote(id, taxPercent, await findPrices(calls, lines)));
  return serviceApp(priceCalculator, dependencies, {
    "post-quote": ({ newId, body }) => store(newId, body),
    "put-quote": ({ params, body }) => store(params.id, body),
    // Quotes ask the stores themselves.
    "note-food": async ({ body }) => ({ id: body.id }),
    "note-pet": async ({ body }) => ({ id: body.id }),
    "get-quote": ({ params }) => getOrNotFound(items, params.id),
  });
}
