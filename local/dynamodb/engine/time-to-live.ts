import type { WriteClock } from "./change-log";
import { deadlineKey } from "./deadlines";
import { db, type Item, type Operation, promised, type ServiceError, serviceError, tableOf } from "./dynalite";
import { inLocks } from "./item-locks";
import { type Items, itemKey, type LastWrite, lastKey } from "./items";

/** Items that are looked at together. */
const batchSize = 500;

/**
 * Time to live of items: those whose time has come are deleted, in the region that wrote them last; other regions get the
 * deletion as they get any other.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export class TimeToLive {
  constructor(
    private readonly items: Items,
    private readonly region: string,
    private readonly clock: WriteClock,
  ) {}

  /** Runs UpdateTimeToLive. @throws {ServiceError} as DynamoDB does */
  async update({ TableName, TimeToLiveSpecification: given }: any): Promise<object> {
    const { AttributeName: attribute, Enabled: enabled } = given ?? {};
    if (typeof attribute !== "string" || attribute === "" || attribute.length > 255 || typeof enabled !== "boolean") {
      throw invalid("TimeToLiveSpecification must have an AttributeName of 1 to 255 characters, and Enabled");
    }
    const { TableName: name } = await tableOf(this.items.store, String(TableName));
    const settings = this.items.tracked(name)?.settings ?? {};
    if (enabled === (settings.timeToLive !== undefined)) {
      throw invalid(`TimeToLive is already ${enabled ? "enabled" : "disabled"}`);
    }
    if (!enabled && settings.timeToLive !== attribute) {
      throw invalid(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${settings.timeToLive}`,
      );
    }
    await this.items.configure(name, { ...settings, timeToLive: enabled ? attribute : undefined });
    if (enabled) await this.addDeadlines(name, attribute);
    return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: enabled } };
  }

  /** Runs DescribeTimeToLive. @throws {ServiceError} as DynamoDB does */
  async describe({ TableName }: any): Promise<object> {
    const { TableName: name } = await tableOf(this.items.store, String(TableName));
    const attribute = this.items.tracked(name)?.settings.timeToLive;
    const on = { TimeToLiveStatus: "ENABLED", AttributeName: attribute };
    return { TimeToLiveDescription: attribute === undefined ? { TimeToLiveStatus: "DISABLED" } : on };
  }

  /** Deletes the items whose time has come. */
  async sweep(): Promise<void> {
    for (const name of this.items.names()) {
      if (this.items.tracked(name)?.settings.timeToLive !== undefined) await this.sweepTable(name);
    }
  }

  private async sweepTable(name: string): Promise<void> {
    const range = { gt: deadlineKey(name), lt: deadlineKey(name, Date.now()), limit: batchSize };
    for (;;) {
      const due: [string, string][] = await this.items.store.db.iterator(range).all();
      for (const [entry, key] of due) {
        await inLocks(this.items.store, [{ table: name, key }], () => this.expire(name, key, entry));
      }
      if (due.length < batchSize) return;
    }
  }

  private async expire(name: string, key: string, entry: string): Promise<void> {
    const { store } = this.items;
    const done: Operation = { type: "del", key: entry };
    const [old, last]: [Item, LastWrite] = (await store.db.getMany([itemKey(name, key), lastKey(name, key)])) as any;
    // The item was written since, or is gone.
    const current =
      old !== undefined && last?.deadline !== undefined && deadlineKey(name, last.deadline, key) === entry;
    if (!current) return store.db.batch([done]);
    const table = await tableOf(store, name);
    await promised<void>((end) => db.updateIndexes(store, table, old, undefined, end));
    const origin = { at: this.clock.next(), from: this.region, old, expired: true as const };
    await this.items.writeAll([{ table: name, key, item: undefined }], [done], origin);
  }

  /** Notes when the items expire that are there already, as if they were written now. */
  private async addDeadlines(name: string, attribute: string): Promise<void> {
    const { store, deadlines } = this.items;
    const prefix = itemKey(name, "");
    for (let gt = prefix; ; ) {
      const some: [string, Item][] = await store.db.iterator({ gt, lt: `${prefix}~`, limit: batchSize }).all();
      for (const [at] of some) {
        const key = at.slice(prefix.length);
        await inLocks(store, [{ table: name, key }], async () => {
          const [item, last]: any[] = await store.db.getMany([at, lastKey(name, key)]);
          const { from = this.region } = last ?? {};
          const deadline = deadlines.of(attribute, item, {
            at: this.clock.next(),
            old: undefined,
            deadline: undefined,
          });
          if (deadline === undefined || from !== this.region) return;
          const value: LastWrite = { at: last?.at ?? 0, from, deadline };
          await store.db.batch([
            { type: "put", key: lastKey(name, key), value },
            { type: "put", key: deadlineKey(name, deadline, key), value: key },
          ]);
        });
      }
      if (some.length < batchSize) return;
      gt = some.at(-1)![0];
    }
  }
}

function invalid(message: string): ServiceError {
  return serviceError("ValidationException", message);
}
