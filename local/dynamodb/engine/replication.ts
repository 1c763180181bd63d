import type { ChangeLog } from "./change-log";
import type { RegionTables } from "./region-tables";

/** Entries of the log that are read at once. */
const batchSize = 100;

/** How far a replica is behind a region. */
export interface ReplicaLag {
  readonly table: string;
  readonly from: string;
  readonly to: string;
  /** Writes that the replica does not have yet. */
  readonly waiting: number;
  /** From the last write that arrived: how long it took. @default none arrived */
  readonly tookMs?: number;
}

/**
 * Brings what one region writes to a table to one other region, in the order of the writes, each some time after it was
 * made. What was written while the two were apart is brought when they are together again.
 */
export class Replication {
  private cursor = 0;
  private waiting = 0;
  private tookMs: number | undefined;
  private apart = false;
  private running = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly table: string,
    private readonly source: RegionTables,
    private readonly log: ChangeLog,
    private readonly target: RegionTables,
    private readonly options: {
      readonly lagMs: number;
      readonly changed: () => void;
      readonly failed: (error: unknown) => void;
    },
  ) {}

  async start(): Promise<void> {
    this.cursor = await this.target.cursor(this.table, this.source.region);
    for (let from = this.cursor; ; ) {
      const entries = await this.log.after(from, batchSize);
      this.waiting += entries.filter(({ change }) => change.from === this.source.region).length;
      if (entries.length < batchSize) break;
      from = entries.at(-1)!.number;
    }
    this.log.keepFor(() => this.cursor);
    this.log.onAdded(({ from }) => {
      if (from !== this.source.region) return;
      this.waiting += 1;
      this.options.changed();
      this.wake(this.options.lagMs);
    });
    this.wake(0);
  }

  /** Keeps the two regions apart, or lets them together again. */
  separate(apart: boolean): void {
    this.apart = apart;
    if (!apart) this.wake(0);
  }

  /** Says whether a region is one of the two. */
  concerns(region: string): boolean {
    return this.source.region === region || this.target.region === region;
  }

  lag(): ReplicaLag {
    const { table, source, target, waiting, tookMs } = this;
    return { table, from: source.region, to: target.region, waiting, ...(tookMs === undefined ? {} : { tookMs }) };
  }

  /** Goes on after a time, unless it goes on sooner anyway. */
  private wake(ms: number): void {
    if (this.running || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.running = true;
      this.run()
        .catch((error) => {
          this.options.failed(error);
          return this.options.lagMs;
        })
        .then((next) => {
          this.running = false;
          // A write may have come since the last look at the log.
          const more = this.waiting > 0 && !this.apart ? this.options.lagMs : undefined;
          if (next !== undefined || more !== undefined) this.wake(next ?? more!);
        });
    }, ms);
  }

  /** @returns after which time there is more to do; nothing when there is nothing until the next write */
  private async run(): Promise<number | undefined> {
    for (;;) {
      const entries = await this.log.after(this.cursor, batchSize);
      if (entries.length === 0) return this.waiting > 0 ? this.options.lagMs : undefined;
      for (const { number, change } of entries) {
        if (this.apart) return undefined;
        if (change.from === this.source.region) {
          const dueIn = change.at / 1_000 + this.options.lagMs - Date.now();
          if (dueIn > 0) return Math.ceil(dueIn);
          await this.target.apply(this.table, change, number);
          this.tookMs = Math.round(Date.now() - change.at / 1_000);
          this.waiting -= 1;
          this.options.changed();
        }
        this.cursor = number;
      }
    }
  }
}
