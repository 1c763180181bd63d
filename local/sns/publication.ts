import { createHash, randomUUID } from "node:crypto";
import { AwsError } from "../aws/aws-error";
import { bytesOfAttributes, type MessageAttributes } from "../sqs/message-attributes";
import { invalidParameter } from "./sns-error";
import type { Topic } from "./topic";

/** A message that was published. */
export interface Publication {
  readonly id: string;
  readonly topicArn: string;
  readonly subject?: string;
  /** Returns the text for a protocol: a message may have one of its own for each. */
  readonly text: (protocol: string) => string;
  readonly attributes: MessageAttributes;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly sequenceNumber?: string;
}

/** What Publish, or an entry of PublishBatch, is given. */
export interface PublishInput {
  readonly Message?: string;
  readonly Subject?: string;
  readonly MessageStructure?: string;
  readonly MessageAttributes?: MessageAttributes;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** Longest message with its attributes, and longest batch. */
export const mostBytes = 262_144;

/** Returns the bytes of a message with its attributes. */
export function sizeOf({ Message = "", MessageAttributes = {} }: PublishInput): number {
  return Buffer.byteLength(Message) + bytesOfAttributes(MessageAttributes);
}

/**
 * Reads a message for a topic. @param now  milliseconds since the epoch
 * @throws {AwsError} for what the topic does not take
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function publicationOf(topic: Topic, input: PublishInput, now: number): Publication {
  const { Message: message = "", Subject: subject, MessageAttributes: attributes = {} } = input;
  if (message === "") throw invalidParameter("Empty message");
  if (sizeOf(input) > mostBytes) throw invalidParameter("Message too long");
  if (subject !== undefined && !/^[^\p{Cc}]{1,100}$/u.test(subject)) throw invalidParameter("Subject");
  checkAttributes(attributes);
  return {
    id: randomUUID(),
    topicArn: topic.arn,
    ...(subject !== undefined && { subject }),
    text: textsOf(message, input.MessageStructure),
    attributes,
    timestamp: new Date(now).toISOString(),
    ...idsOf(topic, input),
  };
}

function textsOf(message: string, structure: string | undefined): Publication["text"] {
  if (structure !== "json") return () => message;
  let texts: unknown;
  try {
    texts = JSON.parse(message);
  } catch {
    throw invalidParameter("Message Structure - JSON message body failed to parse");
  }
  if (typeof texts !== "object" || texts === null || typeof (texts as any).default !== "string") {
    throw invalidParameter("Message Structure - No default entry in JSON message body");
  }
  return (protocol) =>
    typeof (texts as any)[protocol] === "string" ? (texts as any)[protocol] : (texts as any).default;
}

function idsOf({ fifo, attributes }: Topic, input: PublishInput) {
  const { MessageGroupId: groupId, MessageDeduplicationId: given, Message = "" } = input;
  if (!fifo) {
    if (given !== undefined)
      throw invalidParameter(
        "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type",
      );
    return groupId === undefined ? {} : { groupId };
  }
  if (groupId === undefined) throw invalidParameter("The MessageGroupId parameter is required for FIFO topics");
  const byContent = attributes["ContentBasedDeduplication"] === "true";
  if (given === undefined && !byContent) {
    throw invalidParameter(
      "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  }
  const deduplicationId = given ?? createHash("sha256").update(Message).digest("hex");
  return { groupId, deduplicationId };
}

function checkAttributes(attributes: MessageAttributes): void {
  for (const [name, { DataType = "", StringValue, BinaryValue }] of Object.entries(attributes)) {
    const [type = ""] = DataType.split(".");
    const refusal = (message: string) => new AwsError("ParameterValueInvalid", message);
    if (!["String", "Number", "Binary"].includes(type)) {
      throw refusal(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const value = type === "Binary" ? BinaryValue : StringValue;
    if (value === undefined || value === "") {
      throw refusal(
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    }
  }
}
