import { type App, serviceApp } from "../kit/app";
import type { CallDependencies } from "../kit/calls/with-calls";
import { getOrNotFound } from "../kit/repository";
import { priceCalculator, type Quote, type QuoteBody } from "./contract";
import type { PriceCache, PriceChange } from "./price-cache";
import { findPrices, type StoreCalls } from "./prices";
import { priceQuote } from "./pricing";

/** What the app is given by its adapter. */
type PriceDependencies = CallDependencies<Quote, StoreCalls> & { readonly prices: PriceCache };

/** Makes the HTTP app of the price calculator. */
export function createApp(dependencies: PriceDependencies): App {
  const { items, calls, prices } = dependencies;
  const store = async (id: string, { taxPercent, lines }: Pick<QuoteBody, "taxPercent" | "lines">) =>
    items.put(priceQuote(id, taxPercent, await findPrices(calls, prices, lines)));
  const note = async (kind: "food" | "pet", change: PriceChange) => {
    await prices.note(kind, change);
    return { id: change.id };
  };
  return serviceApp(priceCalculator, dependencies, {
    "post-quote": ({ newId, body }) => store(newId, body),
    "put-quote": ({ params, body }) => store(params.id, body),
    "note-food": ({ body }) => note("food", body),
    "note-pet": ({ body }) => note("pet", body),
    "get-quote": ({ params }) => getOrNotFound(items, params.id),
  });
}
