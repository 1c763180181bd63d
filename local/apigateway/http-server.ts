import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { refuseMalformedRequest } from "./admission";
import type { Exchange } from "./exchange";

/** Time in which a request must have arrived whole, its body included. Later it is answered 408. */
export const arrivalMilliseconds = 60_000;

/** The latest exchange of each connection. */
const latestExchanges = new WeakMap<Socket, Exchange>();

/** Remembers the exchange that a connection is at, because what the parser refuses later depends on its response. */
export function rememberExchange(exchange: Exchange): void {
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
