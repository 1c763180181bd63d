import { foodStore } from "../food-store/contract";
import type { Calls } from "../kit/calls/client";
import { HttpError } from "../kit/errors";
import { petStore } from "../pet-store/contract";
import type { priceCalculator, QuoteLine } from "./contract";
import type { ItemPrice, PriceCache } from "./price-cache";

/** Contracts of the services that the price calculator calls. */
export const callees = { "food-store": foodStore, "pet-store": petStore } as const;
/** The functions by which the price calculator calls them. */
export type StoreCalls = Calls<typeof priceCalculator.calls, typeof callees>;

/** Lines of a quote with the price of one piece each, and the currency of all. */
export interface PricedLines {
  readonly currency: string;
  readonly lines: readonly (QuoteLine & { readonly unitPrice: { readonly amount: number } })[];
}

/**
 * Finds the prices of all lines at once, of each item once: in the cache, or else by asking the stores.
 * @throws {HttpError} 400 `unknown_item` and `other_currency`, which name the lines by their place; and those of a call
 */
export async function findPrices(
  calls: StoreCalls,
  prices: Pick<PriceCache, "find">,
  lines: readonly QuoteLine[],
): Promise<PricedLines> {
  const asked = new Map<string, Promise<ItemPrice | undefined>>();
  const priceOf = (line: QuoteLine) => {
    const item = `${line.kind}/${line.id}`;
    const price = asked.get(item) ?? prices.find(line, () => askFor(calls, line));
    asked.set(item, price);
    return price;
  };
  const found = await Promise.all(lines.map(async (line) => ({ line, item: await priceOf(line) })));
  const unknown = found.flatMap(({ line, item }, place) =>
    item === undefined ? [`body.lines[${place}]: there is no ${line.kind} with this id`] : [],
  );
  if (unknown.length > 0) throw new HttpError(400, "unknown_item", unknown.join("; "));
  const priced = found.flatMap(({ line, item }) => (item === undefined ? [] : [{ line, item }]));
  const { currency } = priced[0]!.item;
  const other = priced.findIndex(({ item }) => item.currency !== currency);
  if (other >= 0) {
    throw new HttpError(
      400,
      "other_currency",
      `body.lines[${other}]: the price of the item must be in the currency of the first line`,
    );
  }
  return { currency, lines: priced.map(({ line, item }) => ({ ...line, unitPrice: { amount: item.price.amount } })) };
}

function askFor(calls: StoreCalls, { kind, id }: QuoteLine): Promise<ItemPrice | undefined> {
  switch (kind) {
    case "food":
      return calls["food-store"]["get-food"]({ params: { id } });
    case "pet":
      return calls["pet-store"]["get-pet"]({ params: { id } });
  }
}
