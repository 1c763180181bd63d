import { setTimeout as sleep } from "node:timers/promises";
import type { Queue, Received } from "../../sqs/queue";
import { recordForFilter, recordOf } from "../../sqs/queue-record";
import type { TimeScale } from "../../time-scale";
import { failedItems } from "./batch-response";
import { type MappingSettings, passes } from "./mapping-settings";

/** What `QueueSource` works with. */
export interface QueueSourceOptions {
  readonly settings: MappingSettings;
  readonly queue: Queue;
  /** @throws {FunctionFailure} */
  readonly invoke: (event: object) => Promise<unknown>;
  /** Asks whether the function's role may receive and delete. @throws {AccessDenied} */
  readonly mayReceive: () => void;
  readonly time: TimeScale;
  readonly log: (line: string) => void;
}

/** Lambda begins with five batches at a time; this machine keeps to them. */
const normalConcurrency = 5;
const longestPollSeconds = 20;

/**
 * Hands the messages of a queue to a function in batches, and deletes those that it has handled. What it has not handled comes
 * back after the queue's visibility timeout.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export class QueueSource {
  private readonly ended = new AbortController();
  private readonly busy = new Set<Promise<void>>();
  private running: Promise<void> | undefined;

  constructor(private readonly options: QueueSourceOptions) {}

  start(): void {
    this.running = this.run();
  }

  /** Receives no further messages. */
  async stop(): Promise<void> {
    this.ended.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { settings, mayReceive, log } = this.options;
    const most = settings.maximumConcurrency ?? normalConcurrency;
    let refused = "";
    while (!this.ended.signal.aborted) {
      try {
        mayReceive();
        refused = "";
      } catch (error) {
        const { message } = error as Error;
        if (message !== refused) log(message);
        refused = message;
        await this.pause(1);
        continue;
      }
      while (this.busy.size >= most) await Promise.race(this.busy);
      const batch = await this.gather();
      if (batch.length === 0) continue;
      const work: Promise<void> = this.handle(batch).finally(() => this.busy.delete(work));
      this.busy.add(work);
    }
  }

  /** Receives until a batch is full, or its time is over. */
  private async gather(): Promise<Received[]> {
    const { settings, queue, time } = this.options;
    const { signal } = this.ended;
    const batch: Received[] = await queue.receive({
      ...{ most: Math.min(10, settings.batchSize), waitSeconds: longestPollSeconds, signal },
    });
    const until = performance.now() + time.ms(settings.windowSeconds);
    while (batch.length > 0 && batch.length < settings.batchSize && !signal.aborted) {
      const waitSeconds = ((until - performance.now()) / 1_000) * time.factor;
      if (waitSeconds <= 0) break;
      batch.push(
        ...(await queue.receive({ most: Math.min(10, settings.batchSize - batch.length), waitSeconds, signal })),
      );
    }
    return batch;
  }

  private async handle(batch: readonly Received[]): Promise<void> {
    const { settings, queue, invoke, log } = this.options;
    const records = batch.map((message) => ({ message, record: recordOf(message, queue.arn) }));
    const wanted = records.filter(({ record }) => passesAsIs(settings, record));
    for (const { message } of records.filter((each) => !wanted.includes(each))) this.delete(message);
    if (wanted.length === 0) return;
    try {
      const answer = await invoke({ Records: wanted.map(({ record }) => record) });
      const failed = settings.partialResponses ? failedItems(answer) : [];
      const known = new Set(wanted.map(({ message }) => message.id));
      if (failed === undefined || failed.some((id) => !known.has(id))) {
        throw new Error("its answer names messages that are not in the batch");
      }
      for (const { message } of wanted) if (!failed.includes(message.id)) this.delete(message);
      if (failed.length > 0) log(`${failed.length} of ${wanted.length} messages failed`);
    } catch (error) {
      if (!this.ended.signal.aborted) log(`${wanted.length} messages failed: ${(error as Error).message}`);
    }
  }

  /** A message of a FIFO queue whose time was over is handed out again. */
  private delete({ handle }: Received): void {
    try {
      this.options.queue.delete(handle);
    } catch (error) {
      this.options.log((error as Error).message);
    }
  }

  private async pause(seconds: number): Promise<void> {
    await sleep(this.options.time.ms(seconds), undefined, { signal: this.ended.signal }).catch(() => {});
  }
}

function passesAsIs({ filters }: MappingSettings, record: Readonly<Record<string, unknown>>): boolean {
  return passes(filters, recordForFilter(record));
}
