import { PollingLoop } from "../../polling-loop";
import type { Queue, Received } from "../../sqs/queue";
import { recordForFilter, recordOf } from "../../sqs/queue-record";
import type { TimeScale } from "../../time-scale";
import { failedItems } from "./batch-response";
import { type MappingSettings, passes } from "./mapping-settings";

/** What `QueueSource` works with. */
export interface QueueSourceOptions {
  readonly settings: MappingSettings;
  /** Returns the queue, if there is one that the role may receive from and delete from. @throws {Error} */
  readonly source: () => Queue;
  /** @throws {FunctionFailure} */
  readonly invoke: (event: object) => Promise<unknown>;
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
  private readonly loop: PollingLoop;
  private readonly busy = new Set<Promise<void>>();

  constructor(private readonly options: QueueSourceOptions) {
    this.loop = new PollingLoop(options.time, options.log);
  }

  start(): void {
    this.loop.start(() => this.takeBatch());
  }

  /** Receives no further messages. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async takeBatch(): Promise<void> {
    const { settings, source } = this.options;
    const queue = source();
    while (this.busy.size >= (settings.maximumConcurrency ?? normalConcurrency)) await Promise.race(this.busy);
    const batch = await this.gather(queue);
    if (batch.length === 0) return;
    const work: Promise<void> = this.handle(queue, batch).finally(() => this.busy.delete(work));
    this.busy.add(work);
  }

  /** Receives until a batch is full, or its time is over. */
  private async gather(queue: Queue): Promise<Received[]> {
    const { settings, time } = this.options;
    const { signal } = this.loop;
    const batch: Received[] = await queue.receive({
      ...{ most: Math.min(10, settings.batchSize), waitSeconds: longestPollSeconds, signal },
    });
    const until = performance.now() + time.ms(settings.windowSeconds);
    while (batch.length > 0 && batch.length < settings.batchSize && !signal.aborted && !queue.ended) {
      const waitSeconds = ((until - performance.now()) / 1_000) * time.factor;
      if (waitSeconds <= 0) break;
      batch.push(
        ...(await queue.receive({ most: Math.min(10, settings.batchSize - batch.length), waitSeconds, signal })),
      );
    }
    return batch;
  }

  private async handle(queue: Queue, batch: readonly Received[]): Promise<void> {
    const { settings, invoke, log } = this.options;
    const records = batch.map((message) => ({ message, record: recordOf(message, queue.arn) }));
    const wanted = records.filter(({ record }) => passesAsIs(settings, record));
    for (const { message } of records.filter((each) => !wanted.includes(each))) this.delete(queue, message);
    if (wanted.length === 0) return;
    try {
      const answer = await invoke({ Records: wanted.map(({ record }) => record) });
      const failed = settings.partialResponses ? failedItems(answer) : [];
      const known = new Set(wanted.map(({ message }) => message.id));
      if (failed === undefined || failed.some((id) => !known.has(id))) {
        throw new Error("its answer names messages that are not in the batch");
      }
      for (const { message } of wanted) if (!failed.includes(message.id)) this.delete(queue, message);
      if (failed.length > 0) log(`${failed.length} of ${wanted.length} messages failed`);
    } catch (error) {
      if (!this.loop.signal.aborted) log(`${wanted.length} messages failed: ${(error as Error).message}`);
    }
  }

  /** A message of a FIFO queue whose time was over is handed out again. */
  private delete(queue: Queue, { handle }: Received): void {
    try {
      queue.delete(handle);
    } catch (error) {
      this.options.log((error as Error).message);
    }
  }
}

function passesAsIs({ filters }: MappingSettings, record: Readonly<Record<string, unknown>>): boolean {
  return passes(filters, recordForFilter(record));
}
