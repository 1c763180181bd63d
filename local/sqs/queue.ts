import { createHash, randomUUID } from "node:crypto";
import type { TimeScale } from "../time-scale";
import { Arrivals } from "./arrivals";
import { contentOf, type Message, type NewMessage } from "./message";
import { type QueueAttributes, type QueueSettings, settingsOf } from "./queue-settings";
import { handleOf, readHandle } from "./receipt-handle";
import { SentIds } from "./sent-ids";
import { invalidParameter, sqsError } from "./sqs-error";

/** What a receiver asks of a queue. */
export interface Receive {
  readonly most: number;
  /** @default that of the queue */
  readonly visibilitySeconds?: number | undefined;
  /** How long it waits for a message. @default that of the queue */
  readonly waitSeconds?: number | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** A message that was handed out, with the handle to delete it by. */
export interface Received extends Message {
  readonly handle: string;
}

/** What a queue is given by its platform. */
export interface QueueOptions {
  readonly time: TimeScale;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Takes a message that was received too often; false when its queue is not there, and the message stays. */
  readonly deadLetter: (message: Message, from: Queue) => boolean;
}

const deduplicationSeconds = 300;

/**
 * One queue of SQS in memory. A message that was received is hidden for the visibility timeout, and comes back unless it is
 * deleted; after `maxReceiveCount` it moves to the dead letter queue instead. A FIFO queue hands out the messages of a group
 * in the order in which they came, and none while one of the group is hidden.
 */
export class Queue {
  private readonly messages = new Map<string, Message>();
  private readonly arrivals = new Arrivals();
  private readonly sent = new SentIds<Message>();
  private sequence = 10n ** 19n;
  private settings: QueueSettings;
  readonly createdAt: number;
  changedAt: number;

  /** @param attributes  checked, as `newAttributes` returns them */
  constructor(
    readonly arn: string,
    public attributes: QueueAttributes,
    private readonly options: QueueOptions,
  ) {
    this.settings = settingsOf(attributes);
    this.createdAt = this.changedAt = options.now();
  }

  get name(): string {
    return this.arn.slice(this.arn.lastIndexOf(":") + 1);
  }

  /** Whether its waits have ended for good: it was deleted, or the platform stops. */
  get ended(): boolean {
    return this.arrivals.ended;
  }

  get has(): QueueSettings {
    return this.settings;
  }

  /** Changes attributes that were checked. */
  change(attributes: QueueAttributes): void {
    this.attributes = { ...this.attributes, ...attributes };
    this.settings = settingsOf(this.attributes);
    this.changedAt = this.options.now();
    this.arrivals.wake();
  }

  /** Adds a message that was checked; one with the id of an earlier one is that earlier one. */
  send(message: NewMessage): Message {
    const now = this.options.now();
    const { fifo, delaySeconds, contentBasedDeduplication } = this.settings;
    const deduplicationId = message.deduplicationId ?? (contentBasedDeduplication ? sha256(message.body) : undefined);
    const sentId = this.sentId(message, deduplicationId);
    const earlier = fifo ? this.sent.find(sentId, now) : undefined;
    if (earlier !== undefined) return earlier;
    // A FIFO queue takes no delay of a message.
    const delay = fifo ? delaySeconds : (message.delaySeconds ?? delaySeconds);
    const added: Message = {
      id: randomUUID(),
      ...contentOf(message),
      ...{ sentAt: now, keptFrom: now, receiveCount: 0, visibleAt: now + this.options.time.ms(delay) },
      ...(message.groupId !== undefined && { groupId: message.groupId }),
      ...(fifo && { deduplicationId: deduplicationId!, sequenceNumber: String(this.sequence++) }),
    };
    if (fifo) this.sent.add(sentId, added, now + this.options.time.ms(deduplicationSeconds));
    this.add(added);
    return added;
  }

  /** Adds a message of another queue as it is. */
  add(message: Message): void {
    this.dropExpired();
    this.messages.set(message.id, message);
    this.arrivals.wake();
  }

  /** Waits for messages, and hides those that it returns. */
  async receive({ most, visibilitySeconds, waitSeconds, signal }: Receive): Promise<Received[]> {
    const { settings, options } = this;
    const hiddenMs = options.time.timeoutMs(visibilitySeconds ?? settings.visibilitySeconds);
    const until = options.now() + options.time.ms(waitSeconds ?? settings.waitSeconds);
    for (;;) {
      const found = this.take(most, visibilitySeconds === 0 ? 0 : hiddenMs);
      if (found.length > 0 || options.now() >= until || signal?.aborted || this.arrivals.ended) return found;
      await this.arrivals.next(Math.min(until, this.nextVisible()) - options.now(), signal);
    }
  }

  /** @throws {AwsError} for a handle that is none of this queue; in a FIFO queue also for one whose time is over */
  delete(handle: string): void {
    const { id, count } = readHandle(handle, this.arn);
    const message = this.messages.get(id);
    if (message === undefined) return;
    const current = message.receiveCount === count && message.visibleAt > this.options.now();
    if (this.settings.fifo && !current) {
      throw invalidParameter("ReceiptHandle", handle, "The receipt handle has expired.");
    }
    this.messages.delete(id);
    // The next one of its group is free.
    if (this.settings.fifo) this.arrivals.wake();
  }

  /** @throws {AwsError} for a message that is not hidden by a receiver */
  changeVisibility(handle: string, seconds: number): void {
    const { id } = readHandle(handle, this.arn);
    const message = this.messages.get(id);
    const now = this.options.now();
    if (message === undefined) {
      const reason = "Message does not exist or is not available for visibility timeout change.";
      throw invalidParameter("ReceiptHandle", handle, reason);
    }
    if (message.receiveCount === 0 || message.visibleAt <= now) {
      throw sqsError("MessageNotInflight", "The specified message isn't in flight.", { prefixed: true });
    }
    const hiddenMs = seconds === 0 ? 0 : this.options.time.timeoutMs(seconds);
    this.messages.set(id, { ...message, visibleAt: now + hiddenMs });
    this.arrivals.wake();
  }

  /**
   * Hands on messages that can be received, without counting it, and removes those that are taken: for a move task.
   * @param take  false for one that stays; it is the last
   * @returns how many were taken
   */
  withdraw(most: number, take: (message: Message) => boolean): number {
    const now = this.options.now();
    const visible = [...this.messages.values()].filter((each) => each.visibleAt <= now && !this.isExpired(each, now));
    let taken = 0;
    for (const message of visible.slice(0, most)) {
      if (!take(message)) break;
      this.messages.delete(message.id);
      taken += 1;
    }
    return taken;
  }

  purge(): void {
    this.messages.clear();
  }

  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const now = this.options.now();
    const all = [...this.messages.values()].filter((each) => !this.isExpired(each, now));
    const hidden = all.filter(({ visibleAt }) => visibleAt > now);
    const inFlight = hidden.filter(({ receiveCount }) => receiveCount > 0).length;
    return { visible: all.length - hidden.length, inFlight, delayed: hidden.length - inFlight };
  }

  /** Ends all waits. */
  stop(): void {
    this.arrivals.end();
  }

  private take(most: number, hiddenMs: number): Received[] {
    const now = this.options.now();
    const { fifo, redrive } = this.settings;
    const blocked = new Set<string | undefined>();
    const taken: Received[] = [];
    for (const message of this.messages.values()) {
      if (taken.length === most) break;
      if (this.isExpired(message, now)) this.messages.delete(message.id);
      else if (fifo && blocked.has(message.groupId)) continue;
      else if (message.visibleAt > now) blocked.add(message.groupId);
      else if (redrive && message.receiveCount >= redrive.maxReceiveCount && this.options.deadLetter(message, this)) {
        this.messages.delete(message.id);
      } else taken.push(this.handOut(message, now, hiddenMs));
    }
    return taken;
  }

  private handOut(message: Message, now: number, hiddenMs: number): Received {
    const received = {
      ...message,
      receiveCount: message.receiveCount + 1,
      firstReceivedAt: message.firstReceivedAt ?? now,
      visibleAt: now + hiddenMs,
    };
    this.messages.set(message.id, received);
    return { ...received, handle: handleOf(this.arn, message.id, received.receiveCount) };
  }

  private isExpired({ keptFrom }: Message, now: number): boolean {
    return now >= keptFrom + this.options.time.ms(this.settings.retentionSeconds);
  }

  /** Drops what came first and is over, as a queue that is never received from would keep it. */
  private dropExpired(): void {
    const now = this.options.now();
    for (const message of this.messages.values()) {
      if (!this.isExpired(message, now)) break;
      this.messages.delete(message.id);
    }
  }

  private nextVisible(): number {
    const now = this.options.now();
    let next = Number.POSITIVE_INFINITY;
    for (const { visibleAt } of this.messages.values()) if (visibleAt > now) next = Math.min(next, visibleAt);
    return next;
  }

  private sentId({ groupId }: NewMessage, id: string | undefined): string {
    return this.settings.deduplicationByGroup ? `${groupId} ${id}` : String(id);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
