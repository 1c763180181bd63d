import { TimeScale } from "../time-scale";
import type { Message } from "./message";
import { MoveTasks } from "./move-tasks";
import { Queue } from "./queue";
import { checkAttributes, newAttributes, type QueueAttributes, refuseTypeChange } from "./queue-settings";
import { invalidParameter, noQueue, queueExists } from "./sqs-error";

/** Options of `Queues`. */
export interface QueuesOptions {
  readonly account: string;
  /** @default real time */
  readonly time?: TimeScale;
  /** Milliseconds since the epoch. @default the clock of this machine */
  readonly now?: () => number;
}

/** The queues of all regions. They are in the memory of the process that runs the platform, and end with it. */
export class Queues {
  readonly moves: MoveTasks;
  private readonly byArn = new Map<string, Queue>();
  private readonly time: TimeScale;
  private readonly now: () => number;

  constructor(private readonly options: QueuesOptions) {
    this.time = options.time ?? new TimeScale();
    this.now = options.now ?? Date.now;
    this.moves = new MoveTasks(this, this.time, this.now);
  }

  /** All queues, in the order in which they were made. */
  get all(): readonly Queue[] {
    return [...this.byArn.values()];
  }

  /** Returns a queue by its ARN. */
  at(arn: string): Queue | undefined {
    return this.byArn.get(arn);
  }

  /** @throws {AwsError} QueueDoesNotExist */
  named(region: string, name: string): Queue {
    const queue = this.byArn.get(this.arnOf(region, name));
    if (queue === undefined) throw noQueue();
    return queue;
  }

  /**
   * Returns the queue of a URL, of AWS or of this machine: the last part of its path is the name.
   * @throws {AwsError} QueueDoesNotExist
   */
  ofUrl(region: string, url: string): Queue {
    const [, account, name = ""] = /\/(\d{12})\/([^/?]+)\/?$/.exec(url) ?? [];
    if (account !== this.options.account) throw noQueue();
    return this.named(region, name);
  }

  arnOf(region: string, name: string): string {
    return `arn:aws:sqs:${region}:${this.options.account}:${name}`;
  }

  /** Makes a queue, or returns the one of that name, if it has the same attributes. @throws {AwsError} */
  create(region: string, name: string, given: QueueAttributes = {}): Queue {
    if (!/^(?=.{1,80}$)[\w-]+(\.fifo)?$/.test(name)) {
      const rule = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";
      throw invalidParameter("QueueName", name, rule);
    }
    const arn = this.arnOf(region, name);
    const known = this.byArn.get(arn);
    if (known !== undefined) {
      const other = Object.entries(given).find(([key, value]) => (known.attributes[key] ?? "") !== value);
      if (other !== undefined) throw queueExists(other[0]);
      return known;
    }
    const attributes = newAttributes(given, name.endsWith(".fifo"));
    const { time, now } = this;
    const queue = new Queue(arn, attributes, {
      ...{ time, now },
      deadLetter: (message, from) => this.deadLetter(message, from),
    });
    this.byArn.set(arn, queue);
    return queue;
  }

  /** @throws {AwsError} */
  change(queue: Queue, given: QueueAttributes): void {
    refuseTypeChange(given, queue.has.fifo);
    checkAttributes(given, queue.has.fifo);
    queue.change(given);
  }

  delete(queue: Queue): void {
    queue.stop();
    this.byArn.delete(queue.arn);
  }

  /** Returns the queues whose dead letter queue is this one. */
  sourcesOf(queue: Queue): readonly Queue[] {
    return this.all.filter(({ has }) => has.redrive?.deadLetterArn === queue.arn);
  }

  /** Ends all waits and tasks. */
  stop(): void {
    this.moves.stop();
    for (const queue of this.byArn.values()) queue.stop();
  }

  /** A standard queue counts the retention of a message from its first send, a FIFO queue from its arrival. */
  private deadLetter(message: Message, from: Queue): boolean {
    const target = this.byArn.get(from.has.redrive!.deadLetterArn);
    if (target === undefined) return false;
    const now = this.now();
    const keptFrom = target.has.fifo ? now : message.keptFrom;
    target.add({ ...message, keptFrom, visibleAt: now, deadLetterSource: from.arn });
    return true;
  }
}
