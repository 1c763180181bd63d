import { PollingLoop } from "../polling-loop";
import type { TimeScale } from "../time-scale";
import type { StreamReader, StreamRecord } from "./stream-reader";

/** What a handler did with a batch. */
export type BatchOutcome =
  | { readonly kind: "done" }
  /** Records before this position were handled, the others were not. */
  | { readonly kind: "from"; readonly position: number; readonly error?: unknown }
  | { readonly kind: "failed"; readonly error: unknown };

/** Why records are given up, as the message about them says it. */
export type GivenUp = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/** How a shard is consumed. */
export interface ConsumerSettings {
  readonly batchSize: number;
  /** How long a batch is gathered. */
  readonly windowSeconds: number;
  /** Attempts after the first; -1 for as many as it takes. */
  readonly maximumRetryAttempts: number;
  /** Age at which records are given up; -1 for never. */
  readonly maximumRecordAgeSeconds: number;
  /** Whether a batch that failed is tried in halves. */
  readonly bisect: boolean;
}

/** What `ShardConsumer` works with. */
export interface ConsumerOptions {
  readonly settings: ConsumerSettings;
  readonly reader: StreamReader;
  /** Tells whether a record is of interest. */
  readonly takes: (record: StreamRecord) => boolean;
  readonly handle: (records: readonly StreamRecord[]) => Promise<BatchOutcome>;
  /** Keeps what is given up elsewhere. @param attempts  how often it was tried */
  readonly giveUp: (records: readonly StreamRecord[], why: GivenUp, attempts: number, error: unknown) => Promise<void>;
  readonly time: TimeScale;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** Lambda and pipes ask a shard four times a second. */
const pollSeconds = 0.25;
const longestBackoffSeconds = 60;

/**
 * Hands the records of a shard on in batches, in their order: a batch that fails blocks the shard until it is handled or given
 * up, as event source mappings and pipes of streams do.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export class ShardConsumer {
  private readonly loop: PollingLoop;

  constructor(private readonly options: ConsumerOptions) {
    this.loop = new PollingLoop(options.time, options.log);
  }

  start(): void {
    this.loop.start(async () => {
      const batch = await this.gather();
      if (batch.length > 0) await this.process(batch, 0);
    });
  }

  /** Hands on no further batch. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Reads until a batch is full, or its time is over. What was read before a failure is a batch, as it is not read again. */
  private async gather(): Promise<StreamRecord[]> {
    const { settings, reader, takes, time } = this.options;
    const until = performance.now() + time.ms(settings.windowSeconds);
    const batch: StreamRecord[] = [];
    while (batch.length < settings.batchSize && !this.loop.signal.aborted) {
      const records = await reader.next(settings.batchSize - batch.length).catch((error) => {
        if (batch.length === 0) throw error;
      });
      if (records === undefined) break;
      batch.push(...records.filter(takes));
      if (performance.now() >= until && (batch.length > 0 || records.length > 0)) break;
      if (records.length === 0) await this.loop.pause(pollSeconds);
    }
    return batch;
  }

  /** @param retries  attempts of these records after the first */
  private async process(batch: readonly StreamRecord[], retries: number): Promise<void> {
    const { settings, handle } = this.options;
    let [left, count, error]: [readonly StreamRecord[], number, unknown] = [batch, retries, undefined];
    while (left.length > 0 && !this.loop.signal.aborted) {
      const old = left.filter((record) => this.isTooOld(record));
      if (old.length > 0) {
        await this.giveUp(old, "RecordAgeExceeded", count, error);
        left = left.slice(old.length);
        continue;
      }
      const outcome = await handle(left);
      if (outcome.kind === "done") return;
      error = outcome.error;
      if (outcome.kind === "from" && outcome.position > 0) {
        [left, count] = [left.slice(outcome.position), 0];
      } else if (settings.bisect && outcome.kind === "failed" && left.length > 1) {
        // What is split is not a retry of its halves.
        const middle = Math.ceil(left.length / 2);
        await this.process(left.slice(0, middle), count);
        left = left.slice(middle);
        continue;
      }
      count += 1;
      if (settings.maximumRetryAttempts >= 0 && count > settings.maximumRetryAttempts) {
        return this.giveUp(left, "RetryAttemptsExhausted", count, error);
      }
      await this.loop.pause(Math.min(longestBackoffSeconds, 2 ** Math.min(count - 1, 10)));
    }
  }

  /** What cannot be kept elsewhere is lost, and the records after it go on. */
  private async giveUp(
    records: readonly StreamRecord[],
    why: GivenUp,
    attempts: number,
    error: unknown,
  ): Promise<void> {
    const { giveUp, log } = this.options;
    await giveUp(records, why, attempts, error).catch((refusal: Error) =>
      log(`${records.length} records that were given up are lost: ${refusal.message}`),
    );
  }

  private isTooOld({ dynamodb }: StreamRecord): boolean {
    const { settings, now, time } = this.options;
    if (settings.maximumRecordAgeSeconds < 0) return false;
    return now() > dynamodb.ApproximateCreationDateTime * 1_000 + 1_000 + time.ms(settings.maximumRecordAgeSeconds);
  }
}
