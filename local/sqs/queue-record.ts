import { systemAttributes } from "./message";
import { type MessageAttributes, md5OfAttributes } from "./message-attributes";
import type { Received } from "./queue";

/** Returns a message as functions and pipes get it. */
export function recordOf(message: Received, queueArn: string): Readonly<Record<string, unknown>> {
  const digest = md5OfAttributes(message.attributes);
  return {
    ...{ messageId: message.id, receiptHandle: message.handle, body: message.body },
    attributes: systemAttributes(message, ["All"]),
    messageAttributes: attributesOf(message.attributes),
    ...(digest !== undefined && { md5OfMessageAttributes: digest }),
    ...{ md5OfBody: message.md5, eventSource: "aws:sqs", eventSourceARN: queueArn },
    awsRegion: queueArn.split(":")[3],
  };
}

/** Returns a record as filters see it: a body of JSON is parsed, where the filter asks for something in it. */
export function recordForFilter(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    return { ...record, body: JSON.parse(String(record["body"])) };
  } catch {
    return record;
  }
}

function attributesOf(attributes: MessageAttributes): object {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    {
      ...(StringValue !== undefined && { stringValue: StringValue }),
      ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
      ...{ stringListValues: [], binaryListValues: [], dataType: DataType },
    },
  ]);
  return Object.fromEntries(entries);
}
