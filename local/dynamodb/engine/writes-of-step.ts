import { type Item, type ItemDb, type Operation, promised, type Store } from "./dynalite";

/** What several operations of dynalite would write, so that it can be written in one step. Items must be locked. */
export class WritesOfStep {
  readonly items: { readonly table: string; readonly key: string; readonly item: Item | undefined }[] = [];
  readonly indexes: Operation[] = [];
  /** What the operations are run on. */
  readonly store: Store;

  constructor(private readonly real: Store) {
    this.store = this.noting(
      (table, key, item) => this.items.push({ table, key, item }),
      (operation) => this.indexes.push(operation),
    );
  }

  /** Returns what an operation is run on that is only decided. */
  unwritten(): Store {
    return this.noting(
      () => {},
      () => {},
    );
  }

  /** Returns the item as it was before. */
  old(table: string, key: string): Promise<Item | undefined> {
    return promised((done) => this.real.getItemDb(table).get(key, done));
  }

  /** Returns the item as it is to be written. */
  newest(table: string, key: string): Item | undefined {
    return this.items.find((each) => each.table === table && each.key === key)?.item;
  }

  private noting(
    note: (table: string, key: string, item: Item | undefined) => void,
    noteIndex: (operation: Operation) => void,
  ): Store {
    const itemDb = (table: string): ItemDb => ({
      lock: (_, run) => run((done) => done),
      get: (key, done) => this.real.getItemDb(table).get(key, done),
      put: (key, item, done) => {
        note(table, key, item);
        done(null);
      },
      del: (key, done) => {
        note(table, key, undefined);
        done(null);
      },
    });
    const indexDb = (kind: string, table: string, index: string): Pick<ItemDb, "put" | "del"> => {
      const at = (key: string) => `index-${kind.toLowerCase()}~${table}~${index}~${key}`;
      return {
        put: (key, value, done) => {
          noteIndex({ type: "put", key: at(key), value });
          done(null);
        },
        del: (key, done) => {
          noteIndex({ type: "del", key: at(key) });
          done(null);
        },
      };
    };
    return { ...this.real, getItemDb: itemDb, getIndexDb: indexDb };
  }
}
