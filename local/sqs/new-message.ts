import type { NewMessage } from "./message";
import { bytesOfAttributes, checkMessageAttributes } from "./message-attributes";
import type { QueueSettings } from "./queue-settings";
import { invalidParameter, invalidValue, missingParameter, notOfThisQueueType, sqsError } from "./sqs-error";

/** What may be in a message: what XML 1.0 can have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that SQS allows
const allowedText = /^[\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const idText = /^[\x21-\x7e]{1,128}$/;

/**
 * Reads the input of SendMessage, or an entry of SendMessageBatch.
 * @throws {AwsError} for what the queue does not take
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function checkedMessage(
  queue: QueueSettings,
  input: Readonly<Record<string, any>>,
  senderId: string,
): NewMessage {
  const { MessageBody: body, DelaySeconds: delaySeconds, MessageAttributes: attributes = {} } = input;
  const { MessageGroupId: groupId, MessageDeduplicationId: deduplicationId, MessageSystemAttributes: system } = input;
  if (typeof body !== "string" || body === "") throw missingParameter("MessageBody");
  if (!allowedText.test(body)) {
    throw sqsError(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    );
  }
  checkMessageAttributes(attributes);
  checkMessageAttributes(system ?? {}, "system");
  if (sizeOf(input) > queue.maximumBytes) {
    throw invalidValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.maximumBytes} bytes.`,
    );
  }
  checkDelay(queue, delaySeconds);
  checkIds(queue, groupId, deduplicationId);
  return {
    ...{ body, senderId, attributes },
    ...(system?.AWSTraceHeader && { trace: system.AWSTraceHeader.StringValue }),
    ...(delaySeconds !== undefined && { delaySeconds }),
    ...(groupId !== undefined && { groupId }),
    ...(deduplicationId !== undefined && { deduplicationId }),
  };
}

/** Returns the bytes of a message with its attributes. */
export function sizeOf({ MessageBody = "", MessageAttributes = {} }: Readonly<Record<string, any>>): number {
  return Buffer.byteLength(String(MessageBody)) + bytesOfAttributes(MessageAttributes);
}

function checkDelay({ fifo }: QueueSettings, seconds: unknown): void {
  if (seconds === undefined) return;
  if (!(Number.isInteger(seconds) && Number(seconds) >= 0 && Number(seconds) <= 900)) {
    throw invalidParameter("DelaySeconds", seconds, "DelaySeconds must be >= 0 and <= 900.");
  }
  if (fifo && seconds !== 0) throw notOfThisQueueType("DelaySeconds", seconds);
}

function checkIds({ fifo, contentBasedDeduplication }: QueueSettings, group: unknown, id: unknown): void {
  const words = "can only include alphanumeric and punctuation characters. 1 to 128 in length";
  for (const [name, value] of [
    ["MessageGroupId", group],
    ["MessageDeduplicationId", id],
  ] as const) {
    if (value !== undefined && !idText.test(String(value))) {
      throw invalidParameter(name, value, `${name} ${words}.`);
    }
  }
  if (!fifo && id !== undefined) throw notOfThisQueueType("MessageDeduplicationId", id);
  if (fifo && group === undefined) throw missingParameter("MessageGroupId");
  if (fifo && id === undefined && !contentBasedDeduplication) {
    throw invalidValue(
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  }
}
