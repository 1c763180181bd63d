import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** Time in which a request must have arrived whole, its body included. Later it is answered 408. */
export const arrivalMilliseconds = 60_000;

/** A request that a gateway answers. */
interface Answering {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** The latest exchange of each connection. */
const latestExchanges = new WeakMap<Socket, Answering>();

/** Remembers the exchange that a connection is at, because what the parser refuses later depends on its response. */
export function rememberExchange(exchange: Answering): void {
  latestExchanges.set(exchange.req.socket, exchange);
}

/**
 * Makes a server whose requests reach a gateway, that of a region or the one address for clients, with the same limits
 * and the same answers to malformed and slow requests.
 * @param arrival  milliseconds in which a request must have arrived
 */
export function createGatewayServer(
  handle: (req: IncomingMessage, res: ServerResponse) => void,
  arrival = arrivalMilliseconds,
): Server {
  const server = createServer(
    {
      // Above API Gateway's limit, so that the gateway answers requests over it, not Node.
      maxHeaderSize: 64 * 1_024,
      requestTimeout: arrival,
      headersTimeout: arrival,
      // As long as balancers keep a connection that nothing is sent on.
      keepAliveTimeout: 60_000,
      connectionsCheckingInterval: Math.min(1_000, arrival),
    },
    handle,
  );
  server.maxHeadersCount = 0; // Node would drop further headers without an error
  server.on("clientError", (error, socket) =>
    refuseMalformedRequest(error, socket as Socket, latestExchanges.get(socket as Socket)),
  );
  return server;
}

const stopMilliseconds = 2_000;

/**
 * Listens on a port and returns it.
 * @param port  0 takes a free one
 */
export async function listen(server: Server, port: number, host = "127.0.0.1"): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Refuses new requests and lets those in flight finish for 2 s. */
export async function stopServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const late = setTimeout(() => server.closeAllConnections(), stopMilliseconds);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

const clientErrors: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout"],
};

/**
 * Answers a request that Node's parser refuses: malformed, with both Content-Length and Transfer-Encoding, or with a
 * head that is too long. Closes the connection without an answer when the client stopped in the middle of the request,
 * or when the request was already answered.
 * @param last  the latest request of this connection
 */
function refuseMalformedRequest(error: Error & { code?: string }, socket: Socket, last: Answering | undefined): void {
  const answered = last?.res.headersSent === true && !last.req.complete;
  if (!socket.writable || answered || error.code === "HPE_INVALID_EOF_STATE" || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, message] = clientErrors[error.code ?? ""] ?? [400, "Bad Request"];
  const body = JSON.stringify({ message });
  const head = `HTTP/1.1 ${status} ${message}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
}
