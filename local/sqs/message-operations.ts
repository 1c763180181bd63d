import { inBatch } from "./batch";
import { systemAttributeNames, systemAttributes } from "./message";
import { chosenAttributes, md5OfAttributes } from "./message-attributes";
import { checkedMessage } from "./new-message";
import type { Operations, SqsCall } from "./operations";
import type { Queue, Received } from "./queue";
import { invalidParameter, missingParameter, sqsError } from "./sqs-error";

type Input = SqsCall["input"];

/** Operations of SQS on messages. */
export const operationsOfMessages: Operations = {
  SendMessage: ({ queue, input, senderId }) => sent(queue(), input, senderId),
  SendMessageBatch: ({ queue, input, senderId }) =>
    inBatch("SendMessageBatch", queue(), input, (to, entry) => sent(to, entry, senderId)),
  ReceiveMessage: async ({ queue, input, gone }) => {
    const { MaxNumberOfMessages: most = 1, VisibilityTimeout, WaitTimeSeconds } = input;
    inRange("MaxNumberOfMessages", most, 1, 10, "Must be between 1 and 10, if provided.");
    checkVisibility(VisibilityTimeout);
    inRange("WaitTimeSeconds", WaitTimeSeconds, 0, 20, "Must be >= 0 and <= 20, if provided.");
    const names = [...(input["AttributeNames"] ?? []), ...(input["MessageSystemAttributeNames"] ?? [])];
    const unknown = names.find((name) => !systemAttributeNames.includes(name));
    if (unknown !== undefined) throw sqsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
    const waits = { visibilitySeconds: VisibilityTimeout, waitSeconds: WaitTimeSeconds, signal: gone };
    const messages = await queue().receive({ most, ...waits });
    if (messages.length === 0) return {};
    return { Messages: messages.map((each) => messageView(each, names, input["MessageAttributeNames"] ?? [])) };
  },
  DeleteMessage: ({ queue, input }) => deleted(queue(), input),
  DeleteMessageBatch: ({ queue, input }) => inBatch("DeleteMessageBatch", queue(), input, deleted),
  ChangeMessageVisibility: ({ queue, input }) => changed(queue(), input),
  ChangeMessageVisibilityBatch: ({ queue, input }) => inBatch("ChangeMessageVisibilityBatch", queue(), input, changed),
};

function sent(queue: Queue, input: Input, senderId: string): object {
  const { id, md5, attributes, sequenceNumber } = queue.send(checkedMessage(queue.has, input, senderId));
  const digest = md5OfAttributes(attributes);
  return {
    ...{ MessageId: id, MD5OfMessageBody: md5 },
    ...(digest !== undefined && { MD5OfMessageAttributes: digest }),
    ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
  };
}

function messageView(message: Received, system: readonly string[], asked: readonly string[]): object {
  const attributes = chosenAttributes(message.attributes, asked);
  const digest = md5OfAttributes(attributes);
  return {
    ...{ MessageId: message.id, ReceiptHandle: message.handle, MD5OfBody: message.md5, Body: message.body },
    ...(system.length > 0 && { Attributes: systemAttributes(message, system) }),
    ...(digest !== undefined && { MessageAttributes: attributes, MD5OfMessageAttributes: digest }),
  };
}

function deleted(queue: Queue, { ReceiptHandle: handle }: Input): object {
  if (typeof handle !== "string" || handle === "") throw missingParameter("ReceiptHandle");
  queue.delete(handle);
  return {};
}

function changed(queue: Queue, { ReceiptHandle: handle, VisibilityTimeout: seconds }: Input): object {
  if (typeof handle !== "string" || handle === "") throw missingParameter("ReceiptHandle");
  if (seconds === undefined) throw missingParameter("VisibilityTimeout");
  checkVisibility(seconds);
  queue.changeVisibility(handle, seconds);
  return {};
}

function checkVisibility(seconds: unknown): void {
  inRange("VisibilityTimeout", seconds, 0, 43_200, "VisibilityTimeout must be an integer between 0 and 43200");
}

function inRange(name: string, value: unknown, least: number, most: number, reason: string): void {
  if (value === undefined) return;
  const number = Number(value);
  if (!(Number.isInteger(number) && number >= least && number <= most)) throw invalidParameter(name, value, reason);
}
