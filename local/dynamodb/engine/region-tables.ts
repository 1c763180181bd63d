import { type Change, ChangeLog, type WriteClock } from "./change-log";
import {
  act,
  type DynaliteOperation,
  db,
  type Item,
  type ItemDb,
  isDynaliteOperation,
  type Operation,
  promised,
  type Store,
  serviceError,
  tableOf,
  validated,
} from "./dynalite";
import { sameItem } from "./same-item";

/** The last write of an item, also of one that it deleted. */
interface LastWrite {
  readonly at: number;
  readonly from: string;
}

/** What a write is, other than the change itself. @default one of this region, of now */
interface Origin {
  readonly at: number;
  readonly from: string;
  readonly old: Item | undefined;
  /** Written in the same step. */
  readonly more: readonly Operation[];
}

/** A table whose writes are logged. */
interface LoggedTable {
  readonly log: ChangeLog;
  /** Other regions that have it. */
  readonly replicas: readonly string[];
}

/** The tables of one region, each with the region's own copy of the items. */
export class RegionTables {
  private readonly store: Store;
  private readonly logged = new Map<string, LoggedTable>();

  /** @param path  folder of this region's items */
  constructor(
    readonly region: string,
    account: string,
    path: string,
    private readonly clock: WriteClock,
  ) {
    const store = db.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    Object.assign(store.tableDb, { awsAccountId: account, awsRegion: region });
    this.store = { ...store, getItemDb: (table) => this.loggedDb(table, store.getItemDb(table)) };
  }

  /** Logs the writes of a table from now on. @param replicas  other regions that have it */
  async replicate(table: string, replicas: readonly string[]): Promise<ChangeLog> {
    const log = this.logged.get(table)?.log ?? new ChangeLog(this.store.db, table);
    await log.open();
    this.logged.set(table, { log, replicas });
    return log;
  }

  /** Runs an operation of the API. @throws {ServiceError} when DynamoDB would refuse it */
  async run(operation: string, input: object): Promise<object> {
    if (!isDynaliteOperation(operation)) throw serviceError("UnknownOperationException", "");
    return this.described(operation, await act(operation, this.store, validated(operation, input, this.store)));
  }

  /** Returns up to which entry a replica has got what another region wrote to a table. */
  async cursor(table: string, from: string): Promise<number> {
    return (await this.store.db.get(cursorKey(table, from))) ?? 0;
  }

  /**
   * Makes a write of another region here, unless the item was written later here. @param number  of the write's entry in
   * the log of that region
   */
  async apply(tableName: string, change: Change, number: number): Promise<void> {
    const table = await tableOf(this.store, tableName);
    const items = this.store.getItemDb(tableName);
    const cursor: Operation = { type: "put", key: cursorKey(tableName, change.from), value: number };
    await promised<void>((done) =>
      items.lock(change.key, (release) => {
        const released = release(done);
        this.applyLocked(table, change, cursor).then(() => released(null), released);
      }),
    );
  }

  private async applyLocked(table: Parameters<typeof db.updateIndexes>[1], change: Change, cursor: Operation) {
    const { TableName: name } = table;
    const { key, at, from } = change;
    const [old, last] = await this.store.db.getMany([itemKey(name, key), lastKey(name, key)]);
    if (((last as LastWrite | undefined)?.at ?? 0) > at) return this.store.db.batch([cursor]);
    await promised<void>((done) => db.updateIndexes(this.store, table, old, change.new, done));
    await this.write(name, key, change.new, { at, from, old, more: [cursor] });
  }

  /** Logs what dynalite writes to a table. */
  private loggedDb(table: string, items: ItemDb): ItemDb {
    const write = (key: string, item: Item | undefined, done: (error?: Error | null) => void) => {
      const ended = (error: Error | null) => process.nextTick(done, error);
      this.write(table, key, item).then(() => ended(null), ended);
    };
    return Object.assign(Object.create(items) as ItemDb, {
      put: (key: string, item: Item, done: (error?: Error | null) => void) =>
        this.logged.has(table) ? write(key, item, done) : items.put(key, item, done),
      del: (key: string, done: (error?: Error | null) => void) =>
        this.logged.has(table) ? write(key, undefined, done) : items.del(key, done),
    });
  }

  /** Writes an item and the entry in the log in one step. The item's key must be locked. */
  private async write(table: string, key: string, item: Item | undefined, origin?: Origin): Promise<void> {
    const { log } = this.logged.get(table)!;
    const here = async () => ({
      ...{ old: (await this.store.db.get(itemKey(table, key))) as Item | undefined },
      ...{ at: this.clock.next(), from: this.region, more: [] },
    });
    const { old, at, from, more } = origin ?? (await here());
    const same = sameItem(old, item) ? { same: true as const } : {};
    const entry = log.next({ at, from, key, old, new: item, ...same });
    const last: LastWrite = { at, from };
    let written = false;
    try {
      await this.store.db.batch([
        item === undefined
          ? { type: "del", key: itemKey(table, key) }
          : { type: "put", key: itemKey(table, key), value: item },
        { type: "put", key: lastKey(table, key), value: last },
        entry.operation,
        ...more,
      ]);
      written = true;
    } finally {
      entry.ended(written);
    }
  }

  /** Adds to what dynalite says of a table what it does not know. */
  private described(operation: DynaliteOperation, answer: any): object {
    if (operation !== "DescribeTable") return answer;
    const replicas = this.logged.get(answer.Table.TableName)?.replicas ?? [];
    if (replicas.length === 0) return answer;
    const Replicas = replicas.map((RegionName) => ({ RegionName, ReplicaStatus: "ACTIVE" }));
    return { Table: { ...answer.Table, GlobalTableVersion: "2019.11.21", Replicas } };
  }
}

function itemKey(table: string, key: string): string {
  return `item-${table}~${key}`;
}

function lastKey(table: string, key: string): string {
  return `last-${table}~${key}`;
}

function cursorKey(table: string, from: string): string {
  return `cursor-${from}~${table}`;
}
