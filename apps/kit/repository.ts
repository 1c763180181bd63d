import { HttpError } from "./errors";

export interface Item {
  readonly id: string;
}

export interface PageQuery {
  /** Name of the table's index and of its key attribute. */
  readonly index: string;
  readonly key: string;
  readonly value: string;
  /** 1-100. */
  readonly limit: number;
  /** Id of the last item of the page before. */
  readonly after?: string;
}

export interface Page<T extends Item> {
  readonly items: T[];
  /** What `after` must be for the next page; absent on the last one. */
  readonly next?: string;
}

/** Storage of one service's items. Failures are `HttpError`s: 503 `storage_unavailable`, 413 `item_too_large`. */
export interface ItemRepository<T extends Item> {
  /** Strongly consistent. */
  get(id: string): Promise<T | undefined>;
  /** Stores the whole item over what was there, and answers it; doing it again changes nothing. */
  put(item: T): Promise<T>;
  /** Eventually consistent, as indexes are. */
  list(query: PageQuery): Promise<Page<T>>;
}

const defaultLimit = 50;

/** Paging parameters of a list route as `PageQuery` wants them. */
export function paging(query: { readonly limit?: string | undefined; readonly after?: string | undefined }) {
  return { limit: query.limit === undefined ? defaultLimit : Number(query.limit), after: query.after };
}

/** @throws {HttpError} 404 `not_found` */
export async function existing<T extends Item>(items: ItemRepository<T>, id: string): Promise<T> {
  const item = await items.get(id);
  if (item === undefined) {
    throw new HttpError(404, "not_found", "There is no item with this id");
  }
  return item;
}
