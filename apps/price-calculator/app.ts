import { type App, serviceApp } from "../kit/app";
import type { CallDependencies } from "../kit/calls/with-calls";
import { getOrNotFound } from "../kit/repository";
import { linesToQuote, withLine } from "./basket";
import { priceCalculator, type Quote, type QuoteBody, type QuoteLine } from "./contract";
import type { PriceCache, PriceChange } from "./price-cache";
import { findPrices, type StoreCalls } from "./prices";
import { priceQuote } from "./pricing";

type QuoteLines = Pick<QuoteBody, "taxPercent"> & { readonly lines: readonly QuoteLine[] };

/** What the app is given by its adapter. */
type PriceDependencies = CallDependencies<Quote, StoreCalls> & { readonly prices: PriceCache };

/** Makes the HTTP app of the price calculator. */
export function createApp(dependencies: PriceDependencies): App {
  const { items, calls, prices } = dependencies;
  const store = async (id: string, { taxPercent, lines }: QuoteLines) =>
    items.put(priceQuote(id, taxPercent, await findPrices(calls, prices, lines)));
  const note = async (kind: "food" | "pet", change: PriceChange) => {
    await prices.note(kind, change);
    return { id: change.id };
  };
  return serviceApp(priceCalculator, dependencies, {
    "post-quote": ({ newId, body }) => store(newId, body),
    "put-quote": ({ params, body }) => store(params.id, body),
    "start-basket": async ({ session: { id, data, endsAt } }) => ({ sessionId: id, endsAt, ...data }),
    "get-basket": async ({ session }) => session.data,
    "put-basket-line": ({ session, params, body }) =>
      session.change((basket) => withLine(basket, { ...body, ...params })),
    // The basket stays: a request that is sent again after a crash would find none, and no answer.
    "quote-basket": async ({ session, newId, body }) => store(newId, { ...body, lines: linesToQuote(session.data) }),
    "end-basket": async ({ session }) => {
      await session.end();
      return session.data;
    },
    "note-food": ({ body }) => note("food", body),
    "note-pet": ({ body }) => note("pet", body),
    "get-quote": ({ params }) => getOrNotFound(items, params.id),
  });
}
