import { protocol } from "./authorize";
import type { ConnectionTable } from "./connection-table";
import type { SendEnding } from "./endings";

/** An event of a connection, as far as it is read. */
export interface ConnectionEvent {
  readonly requestContext: {
    readonly eventType: "CONNECT" | "MESSAGE" | "DISCONNECT";
    readonly connectionId: string;
    /** What the authorizer passed on; API Gateway makes texts of numbers. */
    readonly authorizer?: { readonly services?: string; readonly expiresAt?: string | number };
  };
}

/** What the function answers to API Gateway. */
export interface ConnectionAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Longest time that API Gateway keeps a connection, in seconds. */
const longestSeconds = 7_200;

/**
 * Makes the function that is told of connections: it stores one that opens and orders its end, and removes one that ends. A
 * message keeps a connection open and has no other meaning. A connection whose end cannot be ordered is not opened.
 */
export function createRegistrar({
  table,
  sendEnding,
  now = () => Date.now() / 1_000,
}: {
  readonly table: Pick<ConnectionTable, "put" | "remove">;
  readonly sendEnding: SendEnding;
  /** Seconds since 1970. */
  readonly now?: () => number;
}) {
  return async ({ requestContext }: ConnectionEvent): Promise<ConnectionAnswer> => {
    const { eventType, connectionId: id, authorizer } = requestContext;
    switch (eventType) {
      case "CONNECT": {
        const services = (authorizer?.services ?? "").split(",").filter((each) => each !== "");
        const storedAt = Math.floor(now());
        const expiresAt = Math.min(Number(authorizer?.expiresAt), storedAt + longestSeconds);
        if (services.length === 0 || !(expiresAt > now())) return { statusCode: 403 };
        await sendEnding({ id, endsAt: expiresAt });
        await table.put({ id, services, storedAt, expiresAt });
        return { statusCode: 200, headers: { "Sec-WebSocket-Protocol": protocol } };
      }
      case "DISCONNECT":
        await table.remove(id);
        return { statusCode: 200 };
      case "MESSAGE":
        return { statusCode: 200 };
    }
  };
}
