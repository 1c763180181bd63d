import type { Store } from "./dynalite";

/**
 * Runs with items locked, of several tables: tables one after the other by name, so that two that lock the same items do
 * not wait for each other for ever.
 */
export async function inLocks<T>(
  store: Store,
  items: readonly { readonly table: string; readonly key: string }[],
  work: () => Promise<T>,
): Promise<T> {
  const tables = [...new Set(items.map(({ table }) => table))].sort();
  const locked = tables.reduceRight<() => Promise<T>>((inner, table) => {
    const keys = [...new Set(items.flatMap((each) => (each.table === table ? [each.key] : [])))].sort();
    return () =>
      new Promise<T>((resolve, reject) => {
        store.getItemDb(table).lock(keys, (release) => {
          const released = release<T>((error, value) => (error ? reject(error) : resolve(value as T)));
          inner().then((value) => released(null, value), released);
        });
      });
  }, work);
  return locked();
}
