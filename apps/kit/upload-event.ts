import * as z from "zod";
import type { UploadedObject } from "./item-change";

/** S3's notification, as far as it is read. Its keys are encoded as those of forms are. */
const notification = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal("aws:s3"),
      eventTime: z.string(),
      s3: z.object({
        object: z.object({ key: z.string(), size: z.number().default(0), sequencer: z.string() }),
      }),
    }),
  ),
});
/** What S3 sends when its notifications are set up. */
const test = z.object({ Event: z.literal("s3:TestEvent") });

/**
 * Returns the objects that a notification of S3 tells of; none for the one by which S3 tries the queue.
 * @throws {Error} when the text is another message
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function uploadsOf(text: string): UploadedObject[] {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw new Error("a notification of S3 must be JSON");
  }
  if (test.safeParse(message).success) return [];
  const { data } = notification.safeParse(message);
  if (data === undefined) throw new Error("a message of a queue of uploads must be a notification of S3");
  return data.Records.map(({ eventTime, s3: { object } }) => ({
    key: decodeURIComponent(object.key.replaceAll("+", " ")),
    sizeBytes: object.size,
    at: eventTime,
    sequencer: object.sequencer,
  }));
}
