import type { QueueAnswer, QueueEvent } from "../kit/queue-event";

/**
 * Handles each message of a queue's batch in its order. One that fails stays in the queue, and the others do not.
 * @param handle  is given the message, and how often it was handed over: 1 the first time
 * @param onFailure  is told of each failure
 */
export async function eachMessage(
  { Records }: QueueEvent,
  handle: (message: any, times: number) => Promise<void>,
  onFailure: (error: unknown) => void,
): Promise<QueueAnswer> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body, attributes } of Records) {
    try {
      await handle(JSON.parse(body), Number(attributes?.ApproximateReceiveCount ?? 1));
    } catch (error) {
      onFailure(error);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
