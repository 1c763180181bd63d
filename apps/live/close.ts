import type { QueueAnswer, QueueEvent } from "../kit/queue-event";
import { eachMessage } from "./batch";
import type { ConnectionTable } from "./connection-table";
import type { Ending, SendEnding } from "./endings";
import type { Connected } from "./post";

/** Makes the function that ends connections at their time, and orders the end of those whose time has not come. */
export function createCloser({
  table,
  connected,
  sendEnding,
  onFailure,
  now = () => Date.now() / 1_000,
}: {
  readonly table: Pick<ConnectionTable, "remove">;
  readonly connected: Pick<Connected, "end">;
  readonly sendEnding: SendEnding;
  readonly onFailure: (error: unknown) => void;
  /** Seconds since 1970. */
  readonly now?: () => number;
}) {
  return (event: QueueEvent): Promise<QueueAnswer> =>
    eachMessage(
      event,
      async ({ id, endsAt }: Ending) => {
        if (endsAt > now()) return sendEnding({ id, endsAt });
        await connected.end(id);
        await table.remove(id);
      },
      onFailure,
    );
}
