import * as z from "zod";
import { changeKinds } from "./definition";
import { itemId } from "./schemas";

/**
 * Returns the schema of the message that stands for one change of an item: the body of the route that consumes it. Fields
 * that it does not list are left out, so that a publisher may add some before its consumers know them.
 * @param service  service that publishes the change
 * @param item  what the consumer reads of the publisher's item
 * @example body: itemChange("food-store", z.object({ price: amount, currency }))
 */
export function itemChange<Item extends z.ZodType>(service: string, item: Item) {
  return z.object({
    /** Id of the item. */
    id: itemId,
    service: z.literal(service),
    kind: z.enum(changeKinds),
    /** The item after the change; of one that was deleted, the item before it. */
    item,
    /** The item before the change, of kind `changed`. */
    previous: item.optional(),
    /** When it was written. */
    at: z.iso.datetime(),
    /** Grows with each change of the item: a change whose version is not higher than one that was seen is old. */
    version: z.int().min(1),
    /** Region where it was written, the only one that publishes it. @example "eu-west-1" */
    region: z.string().regex(/^[a-z0-9-]{1,32}$/, "must be an AWS region"),
  });
}

/** Schema of the message that stands for one object that was stored in a bucket: the body of `onUpload`'s route. */
export const uploadedObject = z.object({
  /** @example "records/rex-1.json" */
  key: z.string().min(1).max(1_024),
  sizeBytes: z.int().min(0),
  /** When S3 stored it. */
  at: z.iso.datetime(),
  /** Orders the uploads of one key, as text of equal length: the later one is greater. */
  sequencer: z.string().max(64),
});
/** The message that stands for one object that was stored. */
export type UploadedObject = z.output<typeof uploadedObject>;
