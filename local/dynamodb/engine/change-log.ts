import type { Item, Level, Operation } from "./dynalite";

/** A write of one item. */
export interface Change {
  /** When it was made, where it was made first; see `WriteClock`. */
  readonly at: number;
  /** Region that it was made in first. */
  readonly from: string;
  /** Encoded key of the item. */
  readonly key: string;
  readonly old?: Item | undefined;
  readonly new?: Item | undefined;
  /** Set for a deletion by DynamoDB itself, as the item's time had come. */
  readonly expired?: true | undefined;
  /** Set for a write that left the item as it was: streams do not have it, and replicas must know of it. */
  readonly same?: true | undefined;
}

const digits = 16;

/**
 * The writes of one table in one region, in the order in which they were made. It is kept with the items: an entry is
 * written in the same step as the item, so that neither is there without the other.
 */
export class ChangeLog {
  private readonly prefix: string;
  private last = 0;
  /** Entries that are being written. Later ones may be there before them. */
  private readonly pending = new Set<number>();
  private readonly listeners: ((change: Change) => void)[] = [];
  private readonly readers: (() => number)[] = [];

  constructor(
    private readonly level: Level,
    table: string,
  ) {
    this.prefix = `log-${table}~`;
  }

  /** Continues after what is there already. */
  async open(): Promise<void> {
    const all = { gt: this.prefix, lt: `${this.prefix}~` };
    const [newest] = await this.level.iterator({ ...all, reverse: true, limit: 1 }).all();
    if (newest !== undefined) this.last = Number(newest[0].slice(this.prefix.length));
  }

  /** Number of the newest entry up to which there are all. */
  get complete(): number {
    let complete = this.last;
    for (const number of this.pending) complete = Math.min(complete, number - 1);
    return complete;
  }

  onAdded(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  /** Keeps what a reader has not read. @param read  returns the number of the last entry that it has read */
  keepFor(read: () => number): void {
    this.readers.push(read);
  }

  /** Removes entries up to a number, but for what a reader has not read, and the last one, which numbers go on from. */
  async trim(number: number): Promise<void> {
    const last = Math.min(number, this.complete - 1, ...this.readers.map((read) => read()));
    await this.level.clear({ gt: this.keyOf(0), lte: this.keyOf(last) });
  }

  /** Returns what writes the next entry, and a function to call when that is written or has failed. */
  next(change: Change): { readonly operation: Operation; ended(written: boolean): void } {
    this.last += 1;
    const number = this.last;
    this.pending.add(number);
    const ended = (written: boolean) => {
      this.pending.delete(number);
      if (written) for (const listener of this.listeners) listener(change);
    };
    return { operation: { type: "put", key: this.keyOf(number), value: change }, ended };
  }

  /** Returns entries after a number, the oldest first. */
  async after(number: number, limit: number): Promise<{ readonly number: number; readonly change: Change }[]> {
    const range = { gt: this.keyOf(number), lte: this.keyOf(this.complete) };
    const found = await this.level.iterator({ ...range, limit }).all();
    return found.map(([key, change]) => ({ number: Number(key.slice(this.prefix.length)), change }));
  }

  private keyOf(number: number): string {
    return `${this.prefix}${String(number).padStart(digits, "0")}`;
  }
}

/** Time of writes in microseconds since the epoch, as far as the clock says; no two writes have the same. */
export class WriteClock {
  private last = 0;

  /** @param now  milliseconds since the epoch */
  constructor(private readonly now: () => number = Date.now) {}

  next(): number {
    this.last = Math.max(this.now() * 1_000, this.last + 1);
    return this.last;
  }
}
