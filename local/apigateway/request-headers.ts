import type { IncomingMessage } from "node:http";
import type { Exchange } from "./exchange";

const hopByHop = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade", "expect"],
]);

/** Headers that the gateway sets itself; those of a client are dropped. */
const overwritten = /^(?:x-amzn-|x-forwarded-|forwarded$|via$)/;

/**
 * Tells whether a header belongs to one connection and is not forwarded: a standard one, or one that the Connection
 * header names.
 * @param connection  value of the Connection header
 */
export function isHopByHopHeader(name: string, connection: string | undefined): boolean {
  if (hopByHop.has(name)) return true;
  if (connection === undefined || connection.length === 10) return false; // "keep-alive", almost always
  return connection.split(",").some((token) => token.trim().toLowerCase() === name);
}

/**
 * Returns a client's headers for forwarding, as a flat list with lower-case names: without those of the connection and
 * those that only the gateway may send.
 */
export function clientHeaders(req: IncomingMessage): string[] {
  const { rawHeaders } = req;
  const { connection } = req.headers;
  const headers: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (isHopByHopHeader(name, connection) || overwritten.test(name)) continue;
    headers.push(name, rawHeaders[i + 1]!);
  }
  return headers;
}

/** Returns the `x-amzn-trace-id` of a request, `Root=1-<seconds>-<96 bits>`, made from its request id. */
export function traceId({ requestId, timeEpoch }: Exchange): string {
  const seconds = Math.floor(timeEpoch / 1_000).toString(16);
  return `Root=1-${seconds}-${Buffer.from(requestId, "base64").toString("hex").padStart(24, "0")}`;
}

/** Returns every value of a header, as the client sent them. */
export function headerValues(req: IncomingMessage, name: string): readonly string[] {
  const { rawHeaders } = req;
  const values: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.length === name.length && rawHeaders[i]!.toLowerCase() === name) values.push(rawHeaders[i + 1]!);
  }
  return values;
}

/** Returns the size in bytes of request line and header values, which API Gateway limits. */
export function requestHeadBytes(req: IncomingMessage): number {
  let size = (req.method?.length ?? 0) + (req.url?.length ?? 0) + "  HTTP/1.1".length;
  for (let i = 1; i < req.rawHeaders.length; i += 2) size += req.rawHeaders[i]!.length;
  return size;
}
