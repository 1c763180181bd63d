import type { QueueAnswer, QueueEvent } from "../kit/queue-event";

/**
 * Handles each message of a queue's batch in its order. One that fails stays in the queue, and the others do not.
 * @param onFailure  is told of each failure
 */
export async function eachMessage(
  { Records }: QueueEvent,
  handle: (message: any) => Promise<void>,
  onFailure: (error: unknown) => void,
): Promise<QueueAnswer> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of Records) {
    try {
      await handle(JSON.parse(body));
    } catch (error) {
      onFailure(error);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
