import { AwsError } from "../aws/aws-error";
import { sizeOf } from "./new-message";
import type { Queue } from "./queue";
import { sqsError } from "./sqs-error";

const most = 10;
const mostBytes = 1_048_576;

/**
 * Runs a call of several entries. What is wrong with one entry is told of that entry, in an answer that is a success.
 * @throws {AwsError} for a batch that SQS does not take as a whole
 */
export function inBatch(
  operation: string,
  queue: Queue,
  { Entries: entries = [] }: Readonly<Record<string, any>>,
  one: (queue: Queue, entry: Readonly<Record<string, any>>) => object,
): object {
  checkBatch(operation, entries);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...one(queue, entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { queryCode, name, message } = error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: queryCode ?? name, Message: message });
    }
  }
  return { ...(Successful.length > 0 && { Successful }), ...(Failed.length > 0 && { Failed }) };
}

function checkBatch(operation: string, entries: readonly Readonly<Record<string, any>>[]): void {
  const refusal = (name: string, message: string) => sqsError(name, message, { prefixed: true });
  if (entries.length === 0) {
    throw refusal("EmptyBatchRequest", `There should be at least one ${operation}RequestEntry in the request.`);
  }
  if (entries.length > most) {
    const message = `Maximum number of entries per request are ${most}. You have sent ${entries.length}.`;
    throw refusal("TooManyEntriesInBatchRequest", message);
  }
  const ids = entries.map(({ Id }) => String(Id ?? ""));
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id))) {
    const message =
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.";
    throw refusal("InvalidBatchEntryId", message);
  }
  const repeated = ids.find((id, position) => ids.indexOf(id) !== position);
  if (repeated !== undefined) throw refusal("BatchEntryIdsNotDistinct", `Id ${repeated} repeated.`);
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes > mostBytes) {
    const message = `Batch requests cannot be longer than ${mostBytes} bytes. You have sent ${bytes} bytes.`;
    throw refusal("BatchRequestTooLong", message);
  }
}
