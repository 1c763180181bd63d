import type { App, AppDependencies } from "../kit/app";
import { type KeyTable, keyTable } from "../kit/key-table";
import type { Logger } from "../kit/log";
import type { Item } from "../kit/repository";
import { type EnvironmentVariables, tableSetting } from "../kit/settings";
import { priceCalculator, type QuoteLine } from "./contract";

/** The price of one piece of an item, in minor units of the currency. */
export interface ItemPrice {
  readonly price: { readonly amount: number };
  readonly currency: string;
}

/** A change of an item, as far as its price is concerned; see `itemChange`. */
export interface PriceChange {
  readonly id: string;
  readonly kind: "created" | "changed" | "deleted";
  readonly item: ItemPrice;
  /** Microseconds since 1970; grows with each change of the item. */
  readonly version: number;
}

/** A price as it is kept, or that the item was deleted. */
interface KeptPrice {
  readonly item?: ItemPrice;
  /** That of the change that it comes from; of a price that was asked for, the time at which it was certainly not older. */
  readonly version: number;
}

type Kind = QuoteLine["kind"];

/** Prices of the stores' items, which their changes keep new. */
export interface PriceCache {
  /** Takes note of a change. It may come twice, and after a later one. @throws {HttpError} 503 `storage_unavailable` */
  note(kind: Kind, change: PriceChange): Promise<void>;
  /**
   * Returns the price of an item, which was right at most `maxAgeSeconds` ago; asks the store when none is kept that is so
   * new, or the cache cannot be read.
   * @returns undefined when the store has no such item
   */
  find(item: Pick<QuoteLine, "kind" | "id">, ask: () => Promise<ItemPrice | undefined>): Promise<ItemPrice | undefined>;
}

/** Settings of `priceCache`. */
interface PriceCacheSettings {
  /** Age up to which a price is used, in seconds. With 0 the stores are always asked. */
  readonly maxAgeSeconds: number;
  readonly log: Logger;
  /** Milliseconds of a clock. */
  readonly now?: () => number;
}

/** Seconds that a price is kept: longer than any age up to which it is used. */
const keptSeconds = 2 * 86_400;
/** Most that the clocks of two servers differ: a change of this time before an answer may not be in the answer. */
const clockSkewMilliseconds = 2_000;

/** Makes the cache of prices in a table whose items expire. */
export function priceCache(table: KeyTable, { maxAgeSeconds, log, now = Date.now }: PriceCacheSettings): PriceCache {
  const keep = (key: string, kept: KeptPrice) =>
    table.put(key, kept, { expiresAt: Math.floor(now() / 1_000) + keptSeconds, ifNewerBy: "version" });
  const isNew = ({ version }: KeptPrice) => now() * 1_000 - version < maxAgeSeconds * 1_000_000;
  return {
    note: async (kind, { id, kind: change, item: { price, currency }, version }) => {
      await keep(`${kind}/${id}`, { ...(change === "deleted" ? {} : { item: { price, currency } }), version });
    },
    find: async ({ kind, id }, ask) => {
      const key = `${kind}/${id}`;
      const unusable = (error: unknown) => {
        log.warn("the cache of prices does not answer", { error: String(error) });
        return undefined;
      };
      const kept = maxAgeSeconds === 0 ? undefined : await table.get<KeptPrice>(key).catch(unusable);
      if (kept?.item !== undefined && isNew(kept)) return kept.item;
      const version = (now() - clockSkewMilliseconds) * 1_000;
      const found = await ask();
      if (found === undefined || maxAgeSeconds === 0) return found;
      const item = { price: { amount: found.price.amount }, currency: found.currency };
      await keep(key, { item, version }).catch(unusable);
      return item;
    },
  };
}

/**
 * Gives the app of the price calculator its cache of prices. The environment variable PRICE_MAX_AGE_SECONDS says up to which
 * age a price is used: 0 to 86,400.
 * @throws {Error} one sentence when a variable is missing or invalid, as soon as the adapter makes the app
 */
export function withPrices<Own extends AppDependencies<Item> & { readonly prices: PriceCache }>(
  createApp: (dependencies: Own) => App,
  env: EnvironmentVariables = process.env,
): (dependencies: Omit<Own, "prices">) => App {
  return (dependencies) => {
    const { name, needs } = priceCalculator;
    const text = env["PRICE_MAX_AGE_SECONDS"] ?? needs.variables["PRICE_MAX_AGE_SECONDS"]!;
    if (!/^\d{1,5}$/.test(text) || Number(text) > 86_400) {
      throw new Error(
        `${name}: PRICE_MAX_AGE_SECONDS must be whole seconds from 0 to 86400, got ${JSON.stringify(text)}; set the environment variable PRICE_MAX_AGE_SECONDS`,
      );
    }
    const table = keyTable({ table: tableSetting(name, env, "prices") });
    const prices = priceCache(table, { maxAgeSeconds: Number(text), log: dependencies.log });
    return createApp({ ...dependencies, prices } as unknown as Own);
  };
}
