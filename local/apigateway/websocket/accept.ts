import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { type Connection, limits } from "./connection";
import { FrameSizes } from "./frame-sizes";

/** A request that asks for a connection, as Node's server hands it over. */
export interface UpgradeRequest {
  readonly req: IncomingMessage;
  readonly socket: Duplex;
  /** First bytes after the request. */
  readonly head: Buffer;
}

/**
 * Opens a connection, without compression, which API Gateway does not offer. A message over 128 KB ends it with 1009, as
 * the library does it; a frame over 32 KB is seen here.
 * @param protocol  the chosen one; undefined for none, which browsers refuse when they offered one
 * @param opened  makes the connection; its messages count as long as `tooLarge` is false
 */
export function acceptWebSocket(
  { req, socket, head }: UpgradeRequest,
  protocol: string | undefined,
  opened: (ws: WebSocket, tooLarge: () => boolean) => Connection,
): void {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    handleProtocols: () => protocol ?? false,
  });
  const sizes = new FrameSizes(limits.frameBytes);
  let tooLarge = sizes.exceeded(head);
  let connection: Connection | undefined;
  // Before the library's own listener: a frame that is too large must end the connection before its message counts.
  socket.on("data", (chunk: Buffer) => {
    if (tooLarge || !sizes.exceeded(chunk)) return;
    tooLarge = true;
    connection?.tooLarge();
  });
  server.handleUpgrade(req, socket, head, (ws) => {
    connection = opened(ws, () => tooLarge);
    if (tooLarge) connection.tooLarge();
  });
}
