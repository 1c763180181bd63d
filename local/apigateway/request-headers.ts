import type { IncomingMessage } from "node:http";
import type { Exchange } from "./exchange";

const hopByHop = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade", "expect"],
]);

/** What the gateway says itself; a client's own copies are dropped. */
const overwritten = /^(?:x-amzn-|x-forwarded-|forwarded$|via$)/;

/**
 * Headers of a connection, and those that its Connection header names.
 * @param connection  value of the Connection header
 */
export function isHopByHop(name: string, connection: string | undefined): boolean {
  if (hopByHop.has(name)) return true;
  if (connection === undefined || connection.length === 10) return false; // "keep-alive", almost always
  return connection.split(",").some((token) => token.trim().toLowerCase() === name);
}

/**
 * Headers that a backend gets, as a flat list with lower-case names: the client's without those of the connection and
 * those only the gateway may send.
 */
export function clientHeaders(req: IncomingMessage): string[] {
  const { rawHeaders } = req;
  const { connection } = req.headers;
  const headers: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (isHopByHop(name, connection) || overwritten.test(name)) continue;
    headers.push(name, rawHeaders[i + 1]!);
  }
  return headers;
}

/** `Root=1-<seconds>-<96 bits>`, made of the request's id. */
export function traceId({ requestId, timeEpoch }: Exchange): string {
  const seconds = Math.floor(timeEpoch / 1_000).toString(16);
  return `Root=1-${seconds}-${Buffer.from(requestId, "base64").toString("hex").padStart(24, "0")}`;
}

/** Every value of a header, as sent. */
export function headerValues(req: IncomingMessage, name: string): readonly string[] {
  const { rawHeaders } = req;
  const values: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.length === name.length && rawHeaders[i]!.toLowerCase() === name) values.push(rawHeaders[i + 1]!);
  }
  return values;
}

/** Request line and header values, in bytes, as API Gateway limits them. */
export function headSize(req: IncomingMessage): number {
  let size = (req.method?.length ?? 0) + (req.url?.length ?? 0) + "  HTTP/1.1".length;
  for (let i = 1; i < req.rawHeaders.length; i += 2) size += req.rawHeaders[i]!.length;
  return size;
}
