import { isJsonObject } from "../aws/json-object";
import { sqsError } from "./sqs-error";

/** Attributes of a queue as SQS has them: texts by name. */
export type QueueAttributes = Readonly<Record<string, string>>;

/** What decides how a queue handles messages. */
export interface QueueSettings {
  readonly fifo: boolean;
  readonly delaySeconds: number;
  readonly maximumBytes: number;
  readonly retentionSeconds: number;
  readonly waitSeconds: number;
  readonly visibilitySeconds: number;
  /** Where messages go that were received too often. @default nowhere */
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
  readonly contentBasedDeduplication: boolean;
  /** Ids of messages count once in a group, instead of once in the queue. */
  readonly deduplicationByGroup: boolean;
}

const numbers: Readonly<Record<string, readonly [least: number, most: number, normal: number]>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1_024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
  KmsDataKeyReusePeriodSeconds: [60, 86_400, 300],
};
/** Attributes that say one of a few words. */
const words: Readonly<Record<string, readonly string[]>> = {
  FifoQueue: ["true", "false"],
  ContentBasedDeduplication: ["true", "false"],
  DeduplicationScope: ["queue", "messageGroup"],
  FifoThroughputLimit: ["perQueue", "perMessageGroupId"],
  SqsManagedSseEnabled: ["true", "false"],
};
const fifoOnly = ["ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];
const texts = ["Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId"];

/**
 * Returns the attributes of a new queue: those that are given, and SQS's defaults.
 * @param fifo  whether the name ends in `.fifo`
 * @throws {AwsError} InvalidAttributeName, InvalidAttributeValue
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
 */
export function newAttributes(given: QueueAttributes, fifo: boolean): QueueAttributes {
  checkAttributes(given, fifo);
  if (fifo !== (given["FifoQueue"] === "true")) {
    throw invalid("FifoQueue", fifo ? undefined : "The queue name must end with .fifo for a FIFO queue.");
  }
  const { FifoQueue: _, ...others } = given;
  const defaults = ["DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds"];
  return {
    ...Object.fromEntries([...defaults, "VisibilityTimeout"].map((name) => [name, String(numbers[name]![2])])),
    ...("KmsMasterKeyId" in given ? {} : { SqsManagedSseEnabled: "true" }),
    ...(fifo ? { FifoQueue: "true", ...fifoDefaults } : {}),
    ...others,
  };
}

const fifoDefaults = {
  ContentBasedDeduplication: "false",
  DeduplicationScope: "queue",
  FifoThroughputLimit: "perQueue",
};

/** @throws {AwsError} InvalidAttributeName, InvalidAttributeValue */
export function checkAttributes(given: QueueAttributes, fifo: boolean): void {
  for (const [name, value] of Object.entries(given)) {
    const known = name in numbers || name in words || texts.includes(name);
    if (!known || (!fifo && fifoOnly.includes(name))) {
      throw sqsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
    }
    const [least, most] = numbers[name] ?? [];
    const outOfRange = least !== undefined && !(/^\d+$/.test(value) && +value >= least && +value <= most!);
    if (outOfRange || (words[name] !== undefined && !words[name].includes(value))) throw invalid(name);
    if (name === "RedrivePolicy") redriveOf(value);
    if (name === "Policy" && value !== "" && !isJsonObject(value)) throw invalid(name);
  }
}

/** @throws {AwsError} InvalidAttributeValue */
export function refuseTypeChange(given: QueueAttributes, fifo: boolean): void {
  const asked = given["FifoQueue"];
  if (asked !== undefined && asked !== String(fifo)) {
    throw invalid("FifoQueue", "Modifying queue type is not supported.");
  }
}

/** Reads attributes that were checked. */
export function settingsOf(attributes: QueueAttributes): QueueSettings {
  const number = (name: string) => Number(attributes[name] ?? numbers[name]![2]);
  const redrive = redriveOf(attributes["RedrivePolicy"] ?? "");
  return {
    fifo: attributes["FifoQueue"] === "true",
    delaySeconds: number("DelaySeconds"),
    maximumBytes: number("MaximumMessageSize"),
    retentionSeconds: number("MessageRetentionPeriod"),
    waitSeconds: number("ReceiveMessageWaitTimeSeconds"),
    visibilitySeconds: number("VisibilityTimeout"),
    ...(redrive && { redrive }),
    contentBasedDeduplication: attributes["ContentBasedDeduplication"] === "true",
    deduplicationByGroup: attributes["DeduplicationScope"] === "messageGroup",
  };
}

/** @returns undefined for an empty text, which removes the policy @throws {AwsError} InvalidParameterValue */
function redriveOf(text: string): QueueSettings["redrive"] {
  if (text === "") return undefined;
  try {
    const { deadLetterTargetArn: deadLetterArn, maxReceiveCount } = JSON.parse(text);
    const count = Number(maxReceiveCount);
    if (typeof deadLetterArn === "string" && Number.isInteger(count) && count >= 1 && count <= 1_000) {
      return { deadLetterArn, maxReceiveCount: count };
    }
  } catch {
    // Refused below.
  }
  throw invalid("RedrivePolicy", "It must have a deadLetterTargetArn, and a maxReceiveCount from 1 to 1000.");
}

function invalid(name: string, reason?: string) {
  const more = reason === undefined ? "" : ` Reason: ${reason}`;
  return sqsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.${more}`);
}
