import { type Change, ChangeLog, type WriteClock } from "./change-log";
import { type Deadlines, deadlineKey } from "./deadlines";
import { db, type Item, type ItemDb, type Operation, promised, type Store, type Table, tableOf } from "./dynalite";
import { sameItem } from "./same-item";

/** The last write of an item, also of one that it deleted. */
export interface LastWrite {
  readonly at: number;
  readonly from: string;
  /** When the item expires; see `Deadlines`. @default never, or in the region that wrote it last */
  readonly deadline?: number | undefined;
}

/** What a write is, other than the change itself. @default one of this region, of now */
interface Origin {
  readonly at: number;
  readonly from: string;
  readonly old: Item | undefined;
  /** The item's time has come. */
  readonly expired?: true;
}

/** What a write adds to a step, and a function to call when the step was made or has failed. */
interface StagedWrite {
  readonly operations: readonly Operation[];
  ended(written: boolean): void;
}

/** What is set of a table in this region, and kept with its items. */
export interface TableSettings {
  /** @default it has none */
  readonly stream?: { readonly view: string; readonly label: string; readonly after: number } | undefined;
  /** Attribute that says when an item expires. @default none does */
  readonly timeToLive?: string | undefined;
}

/** A table whose writes are logged. */
interface LoggedTable {
  readonly log: ChangeLog;
  /** Other regions that have it. */
  readonly replicas: readonly string[];
  readonly settings: TableSettings;
}

/** The items of one region, of all tables. Every write passes here, those of dynalite and those of other regions. */
export class Items {
  /** What dynalite reads and writes by; its writes are logged. */
  readonly store: Store;
  private readonly logged = new Map<string, LoggedTable>();

  /** @param path  folder of the items */
  constructor(
    private readonly region: string,
    account: string,
    path: string,
    private readonly clock: WriteClock,
    readonly deadlines: Deadlines,
  ) {
    const store = db.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    Object.assign(store.tableDb, { awsAccountId: account, awsRegion: region });
    this.store = { ...store, getItemDb: (table) => this.loggedDb(table, store.getItemDb(table)) };
  }

  /** Goes on with the tables that are there. */
  async open(): Promise<void> {
    const kept = await this.store.db.iterator({ gt: settingsKey(""), lt: settingsKey("~") }).all();
    for (const [key, settings] of kept) await this.track(key.slice(settingsKey("").length), { settings });
  }

  /** Logs the writes of a table from now on. @param replicas  other regions that have it */
  async replicate(table: string, replicas: readonly string[]): Promise<ChangeLog> {
    return (await this.track(table, { replicas })).log;
  }

  /** Sets what is set of a table, and logs its writes from now on. */
  async configure(table: string, settings: TableSettings): Promise<void> {
    await this.track(table, { settings });
    await this.store.db.batch([{ type: "put", key: settingsKey(table), value: settings }]);
  }

  /** Removes what is known of a table that was deleted. */
  async forget(table: string): Promise<void> {
    const known = this.logged.get(table);
    if (known === undefined) return;
    this.logged.delete(table);
    const keys = [settingsKey(table), ...known.replicas.map((region) => cursorKey(table, region))];
    await this.store.db.batch(keys.map((key) => ({ type: "del" as const, key })));
    for (const gt of [lastKey(table, ""), deadlineKey(table), `log-${table}~`])
      await this.store.db.clear({ gt, lt: `${gt}~` });
  }

  /** Returns what is known of a table whose writes are logged. */
  tracked(table: string): LoggedTable | undefined {
    return this.logged.get(table);
  }

  /** Returns the names of tables whose writes are logged. */
  names(): string[] {
    return [...this.logged.keys()];
  }

  private async track(name: string, change: Partial<LoggedTable>): Promise<LoggedTable> {
    let table = this.logged.get(name);
    if (table === undefined) {
      table = { log: new ChangeLog(this.store.db, name), replicas: [], settings: {} };
      await table.log.open();
    }
    const changed = { ...table, ...change };
    this.logged.set(name, changed);
    return changed;
  }

  /** Returns up to which entry a table here has got what another region wrote to it. */
  async cursor(table: string, from: string): Promise<number> {
    return (await this.store.db.get(cursorKey(table, from))) ?? 0;
  }

  /**
   * Makes a write of another region here, unless the item was written later here.
   * @param number  of the write's entry in the log of that region
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

  /** Writes items in one step; their keys must be locked. @param more  written in the same step */
  async writeAll(
    writes: readonly { readonly table: string; readonly key: string; readonly item: Item | undefined }[],
    more: readonly Operation[] = [],
    origin?: Origin,
  ): Promise<void> {
    const staged: StagedWrite[] = [];
    let written = false;
    try {
      for (const { table, key, item } of writes) staged.push(await this.stage(table, key, item, origin));
      await this.store.db.batch([...staged.flatMap(({ operations }) => operations), ...more]);
      written = true;
    } finally {
      for (const each of staged) each.ended(written);
    }
  }

  private async applyLocked(table: Table, change: Change, cursor: Operation): Promise<void> {
    const { TableName: name } = table;
    const { key, at, from } = change;
    const [old, last] = await this.store.db.getMany([itemKey(name, key), lastKey(name, key)]);
    if (((last as LastWrite | undefined)?.at ?? 0) > at) return this.store.db.batch([cursor]);
    await promised<void>((done) => db.updateIndexes(this.store, table, old, change.new, done));
    await this.writeAll([{ table: name, key, item: change.new }], [cursor], { at, from, old });
  }

  /** Logs what dynalite writes to a table. */
  private loggedDb(table: string, items: ItemDb): ItemDb {
    const write = (key: string, item: Item | undefined, done: (error?: Error | null) => void) => {
      const ended = (error: Error | null) => process.nextTick(done, error);
      this.writeAll([{ table, key, item }]).then(() => ended(null), ended);
    };
    return Object.assign(Object.create(items) as ItemDb, {
      put: (key: string, item: Item, done: (error?: Error | null) => void) =>
        this.logged.has(table) ? write(key, item, done) : items.put(key, item, done),
      del: (key: string, done: (error?: Error | null) => void) =>
        this.logged.has(table) ? write(key, undefined, done) : items.del(key, done),
    });
  }

  private async stage(table: string, key: string, item: Item | undefined, origin?: Origin): Promise<StagedWrite> {
    const write: Operation =
      item === undefined
        ? { type: "del", key: itemKey(table, key) }
        : { type: "put", key: itemKey(table, key), value: item };
    const known = this.logged.get(table);
    if (known === undefined) return { operations: [write], ended: () => {} };
    const [there, last]: any[] = await this.store.db.getMany([itemKey(table, key), lastKey(table, key)]);
    const old: Item | undefined = origin ? origin.old : there;
    const { at, from, expired } = origin ?? { at: this.clock.next(), from: this.region };
    const same = sameItem(old, item) ? { same: true as const } : {};
    const entry = known.log.next({ at, from, key, old, new: item, ...same, ...(expired && { expired }) });
    const { timeToLive } = known.settings;
    const deadline =
      timeToLive === undefined || from !== this.region
        ? undefined
        : this.deadlines.of(timeToLive, item, { at, old, deadline: last?.deadline });
    const written: LastWrite = { at, from, ...(deadline === undefined ? {} : { deadline }) };
    const operations: Operation[] = [write, { type: "put", key: lastKey(table, key), value: written }, entry.operation];
    if (deadline !== undefined) operations.push({ type: "put", key: deadlineKey(table, deadline, key), value: key });
    return { operations, ended: entry.ended };
  }
}

/** Key of an item. */
export function itemKey(table: string, key: string): string {
  return `item-${table}~${key}`;
}

/** Key of the last write of an item. */
export function lastKey(table: string, key: string): string {
  return `last-${table}~${key}`;
}

function settingsKey(table: string): string {
  return `settings-${table}`;
}

function cursorKey(table: string, from: string): string {
  return `cursor-${from}~${table}`;
}
