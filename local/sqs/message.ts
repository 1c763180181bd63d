import { type MessageAttributes, md5 } from "./message-attributes";

/** A message as its sender gives it, checked. */
export interface NewMessage {
  readonly body: string;
  /** Account or session of the sender. */
  readonly senderId: string;
  readonly attributes?: MessageAttributes;
  /** Value of `AWSTraceHeader`. */
  readonly trace?: string;
  readonly delaySeconds?: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

/** A message in a queue. Times are milliseconds since the epoch. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly md5: string;
  readonly attributes: MessageAttributes;
  readonly trace?: string;
  readonly senderId: string;
  readonly sentAt: number;
  /** What its retention is counted from: the moment when it was sent first, also in a standard dead letter queue. */
  readonly keptFrom: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly sequenceNumber?: string;
  /** ARN of the queue that it could not be processed from. */
  readonly deadLetterSource?: string;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** When it can be received again, or for the first time. */
  readonly visibleAt: number;
}

/** Returns the system attributes of a message that a receiver asks for. @param asked  names, or `All` */
export function systemAttributes(message: Message, asked: readonly string[]): Readonly<Record<string, string>> {
  const { sentAt, firstReceivedAt, receiveCount, senderId } = message;
  const all: Readonly<Record<string, string | undefined>> = {
    SenderId: senderId,
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receiveCount),
    ApproximateFirstReceiveTimestamp: firstReceivedAt === undefined ? undefined : String(firstReceivedAt),
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequenceNumber,
    AWSTraceHeader: message.trace,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  };
  const chosen = Object.entries(all).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && (asked.includes("All") || asked.includes(entry[0])),
  );
  return Object.fromEntries(chosen);
}

/** Names that a receiver may ask for. */
export const systemAttributeNames: readonly string[] = [
  ...["All", "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp"],
  ...["SequenceNumber", "MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn"],
];

/** Returns what a sender is told of its message, and the parts of a message that do not change. */
export function contentOf({ body, attributes = {}, trace, senderId }: NewMessage) {
  return { body, md5: md5(body), attributes, senderId, ...(trace !== undefined && { trace }) };
}
