import { HttpError } from "./errors";

/** An item of a service; its `id` is unique within the service. */
export interface Item {
  readonly id: string;
}

/** A query for one page of the items that have a value in a key attribute of an index. */
export interface PageQuery {
  /** Name of the table's index. @example "by-category" */
  readonly index: string;
  /** Name of the index's key attribute. @example "category" */
  readonly key: string;
  /** Value that the key attribute must have. */
  readonly value: string;
  /** Largest number of items in the page, 1-100. */
  readonly limit: number;
  /**
   * Id of the last item of the page before.
   * @default the first page is returned
   */
  readonly after?: string;
}

/** One page of a list. */
export interface Page<T extends Item> {
  readonly items: T[];
  /** Value of `after` for the next page; missing on the last page. */
  readonly next?: string;
}

/** Storage of one service's items. It fails with an `HttpError`: 503 `storage_unavailable` or 413 `item_too_large`. */
export interface ItemRepository<T extends Item> {
  /** Reads an item, strongly consistent. */
  get(id: string): Promise<T | undefined>;
  /** Stores an item, replaces the whole of an existing one with the same id, and returns it. It may be repeated. */
  put(item: T): Promise<T>;
  /** Deletes an item; nothing happens when there is none. It may be repeated. */
  delete(id: string): Promise<void>;
  /** Reads one page of a list, eventually consistent, as DynamoDB's indexes are. */
  list(query: PageQuery): Promise<Page<T>>;
}

/** Items in a page when the client names no limit. */
const defaultLimit = 50;

/**
 * Converts the query parameters of a list route (see `pageParameters`) to those of `PageQuery`; the limit
 * defaults to 50.
 */
export function paging(query: { readonly limit?: string | undefined; readonly after?: string | undefined }) {
  return { limit: query.limit === undefined ? defaultLimit : Number(query.limit), after: query.after };
}

/** Items in a page of `everyItem`. */
const pageOfAll = 100;

/** Reads all items of a list, a page at a time, each when the one before has been taken. */
export async function* everyItem<T extends Item>(
  items: ItemRepository<T>,
  query: Omit<PageQuery, "limit" | "after">,
): AsyncGenerator<T> {
  let after: string | undefined;
  do {
    const page = await items.list({ ...query, limit: pageOfAll, ...(after === undefined ? {} : { after }) });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

/** Reads the item with this id. @throws {HttpError} 404 `not_found`, when there is none */
export async function getOrNotFound<T extends Item>(items: ItemRepository<T>, id: string): Promise<T> {
  const item = await items.get(id);
  if (item === undefined) {
    throw new HttpError(404, "not_found", "There is no item with this id");
  }
  return item;
}
