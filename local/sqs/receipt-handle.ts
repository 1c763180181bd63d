import { sqsError } from "./sqs-error";

/** What a handle says: a message, and how often it had been received then. */
interface Receipt {
  readonly id: string;
  readonly count: number;
}

/** Returns the handle of a message that was received. */
export function handleOf(queueArn: string, id: string, count: number): string {
  return Buffer.from(`${id} ${count} ${queueArn}`).toString("base64");
}

/** @throws {AwsError} for what is no handle, or one of another queue */
export function readHandle(handle: string, queueArn: string): Receipt {
  const text = Buffer.from(handle, "base64").toString();
  const [, id, count, arn] = /^([0-9a-f-]{36}) (\d+) (arn:\S+)$/.exec(text) ?? [];
  if (id === undefined || arn !== queueArn) {
    throw sqsError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not a valid receipt handle.`);
  }
  return { id, count: Number(count) };
}
