import { createHash } from "node:crypto";
import { invalidValue } from "./sqs-error";

/** A value with its type, which a sender gives to a message. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with an ending of the sender's own. @example "Number.price" */
  readonly DataType: string;
  readonly StringValue?: string;
  /** In base64. */
  readonly BinaryValue?: string;
}

/** Attributes by name. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const most = 10;

/**
 * @param kind  "user" or "system", as messages name it
 * @throws {AwsError} InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function checkMessageAttributes(attributes: MessageAttributes, kind = "user"): void {
  const entries = Object.entries(attributes);
  if (entries.length > most) {
    throw invalidValue(`Number of message attributes [${entries.length}] exceeds the allowed maximum [${most}].`);
  }
  for (const [name, { DataType = "", StringValue, BinaryValue }] of entries) {
    const subject = `Message (${kind}) attribute '${name}'`;
    if (!/^(?!\.)[\w.-]{1,256}(?<!\.)$/.test(name)) {
      throw invalidValue(
        `${subject} contains an invalid name. Names have letters, digits, hyphens, underscores and periods.`,
      );
    }
    const [type = ""] = DataType.split(".");
    if (type === "") throw invalidValue(`${subject} must contain a non-empty message attribute type.`);
    if (!["String", "Number", "Binary"].includes(type)) {
      throw invalidValue(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const value = type === "Binary" ? BinaryValue : StringValue;
    if (value === undefined || value === "") {
      throw invalidValue(`${subject} must contain a non-empty value of type '${type}'.`);
    }
    if (type === "Number" && !Number.isFinite(Number(value))) {
      throw invalidValue(`Can't cast the value of message (${kind}) attribute '${name}' to a number.`);
    }
  }
}

/** Returns the bytes that attributes add to the size of a message. */
export function bytesOfAttributes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, ...value }]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + bytesOf(value).length,
    0,
  );
}

/** Returns the digest by which senders and receivers compare attributes; undefined for none. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType, ...value } = attributes[name]!;
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([DataType.startsWith("Binary") ? 2 : 1]));
    add(bytesOf(value));
  }
  return hash.digest("hex");
}

/** Returns the attributes that a receiver asks for: by name, by the beginning of names (`order.*`), or all. */
export function chosenAttributes(attributes: MessageAttributes, asked: readonly string[]): MessageAttributes {
  const chosen = (name: string) =>
    asked.some((each) => {
      if (each === "All" || each === ".*") return true;
      return each.endsWith(".*") ? name.startsWith(each.slice(0, -2)) : name === each;
    });
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => chosen(name)));
}

/** Returns the digest of a body by which senders and receivers compare it. */
export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

function bytesOf({ StringValue, BinaryValue }: Omit<MessageAttribute, "DataType">): Buffer {
  return BinaryValue === undefined ? Buffer.from(StringValue ?? "") : Buffer.from(BinaryValue, "base64");
}
