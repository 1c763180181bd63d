import type { QueueAnswer, QueueEvent } from "../kit/queue-event";
import { eachMessage } from "./batch";
import type { Connection, ConnectionTable } from "./connection-table";
import type { Connected } from "./post";

/** A change of an item as its topic has it, as far as it is read. */
interface Change {
  readonly service: string;
  readonly item?: unknown;
  readonly previous?: unknown;
}

/** Largest message in bytes: one frame. API Gateway takes 128 KB, in frames of 32 KB. */
const maxBytes = 32 * 1_024;
/** Connections that are posted to at once. */
const atOnce = 50;
/**
 * Seconds in which a connection that is gone may be one that is not open yet: API Gateway answers 410 until `$connect` is
 * answered, for which it waits 10 s.
 */
const openingSeconds = 30;

/** Times that a change is posted to a connection that does not take it. */
const mostTimes = 3;

/**
 * Makes the function that posts changes to the connections that show the service's. A connection that is gone is removed
 * from the table, unless it may not be open yet: its page reads the items when it opens. When one cannot be posted to,
 *
 * - the other changes of the batch are not posted to it, so that it does not take the time of the others;
 * - they stay in the queue and are posted to all again: who shows changes goes by their version, and takes one that comes
 *   twice for one;
 * - the third time it is ended instead: its page connects again, and reads the items. One that cannot be ended either
 *   leaves the change in the queue, as then API Gateway is not reached.
 */
export function createSender({
  table,
  connected,
  onFailure,
  now = () => Date.now() / 1_000,
}: {
  readonly table: Pick<ConnectionTable, "all" | "remove">;
  readonly connected: Connected;
  readonly onFailure: (error: unknown) => void;
  /** Seconds since 1970. */
  readonly now?: () => number;
}) {
  return async (event: QueueEvent): Promise<QueueAnswer> => {
    let open: Promise<readonly Connection[]> | undefined;
    const gone = new Set<string>();
    const failed = new Map<string, unknown>();
    const post = async (id: string, text: string): Promise<boolean> => {
      if (failed.has(id)) throw failed.get(id);
      return connected.post(id, text).catch((error) => {
        failed.set(id, error);
        throw error;
      });
    };
    const remove = async (id: string): Promise<void> => {
      gone.add(id);
      await table.remove(id);
    };
    return eachMessage(
      event,
      async (change: Change, times) => {
        // Read once for a batch; again when that failed.
        open ??= table.all();
        const all = await open.catch((error) => {
          open = undefined;
          throw error;
        });
        const seeing = all.filter(
          ({ id, services, expiresAt }) => services.includes(change.service) && expiresAt > now() && !gone.has(id),
        );
        const text = textOf(change);
        await inGroups(seeing, async ({ id, storedAt }) => {
          try {
            if ((await post(id, text)) || now() - storedAt < openingSeconds) return;
          } catch (error) {
            if (times < mostTimes) throw error;
            onFailure(error);
            await connected.end(id);
          }
          await remove(id);
        });
      },
      onFailure,
    );
  };
}

/**
 * Returns the message of a change: without the item before it, and without the item where it is too large for one frame.
 */
export function textOf({ previous: _, ...change }: Change): string {
  const text = JSON.stringify(change);
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const { item: __, ...rest } = change;
  return JSON.stringify({ ...rest, itemLeftOut: true });
}

/** Does something for all, some at once. @throws the first error, after all were tried */
async function inGroups<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (let from = 0; from < all.length; from += atOnce) {
    const results = await Promise.allSettled(all.slice(from, from + atOnce).map(work));
    failures.push(...results.flatMap((each) => (each.status === "rejected" ? [each.reason] : [])));
  }
  if (failures.length > 0) throw failures[0];
}
