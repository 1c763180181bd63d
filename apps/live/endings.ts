import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { clientLimits } from "../kit/dynamo";

/** Says which connection ends, and when. */
export interface Ending {
  readonly id: string;
  /** In seconds since 1970. */
  readonly endsAt: number;
}

/**
 * Longest delay of a message in seconds. A later end takes several messages, one after the other. SQS takes 900; the
 * queue's alarm goes off at an age of 600.
 */
const longestDelaySeconds = 480;

/** Sends the message that ends a connection, or the next one before it. */
export type SendEnding = (ending: Ending) => Promise<void>;

/** Returns the delay of the next message about an ending. @param now  in seconds since 1970 */
export function delayOf({ endsAt }: Ending, now: number): number {
  return Math.min(longestDelaySeconds, Math.max(0, Math.ceil(endsAt - now)));
}

/** Makes the function that sends messages about endings to a queue. @param QueueUrl  its URL */
export function endingsQueue(QueueUrl: string): SendEnding {
  const client = new SQSClient(clientLimits);
  return async (ending) => {
    const DelaySeconds = delayOf(ending, Date.now() / 1_000);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(ending), DelaySeconds }));
  };
}
