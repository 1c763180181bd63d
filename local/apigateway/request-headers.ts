import type { IncomingMessage } from "node:http";

const hopByHop = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade", "expect"],
]);

/** Headers that the gateway sets itself; those of a client are dropped. */
const overwritten = /^(?:x-amzn-|x-forwarded-)/;

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
 * @param dropped  names of further headers that the gateway sets itself
 */
export function clientHeaders(req: IncomingMessage, dropped: readonly string[] = []): string[] {
  const { rawHeaders } = req;
  const { connection } = req.headers;
  const headers: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (isHopByHopHeader(name, connection) || overwritten.test(name) || dropped.includes(name)) continue;
    headers.push(name, rawHeaders[i + 1]!);
  }
  return headers;
}

interface TracedRequest {
  readonly req: IncomingMessage;
  readonly requestId: string;
  readonly timeEpoch: number;
}

/**
 * Returns the `x-amzn-trace-id` that the gateway passes on: `Root=1-<seconds>-<96 bits>`, made from the request id. A
 * client's trace continues with the gateway's part before it.
 */
export function traceId({ req, requestId, timeEpoch }: TracedRequest): string {
  const seconds = Math.floor(timeEpoch / 1_000).toString(16);
  const id = `1-${seconds}-${Buffer.from(requestId, "base64url").toString("hex").padStart(24, "0")}`;
  return continuedTrace(req.headers["x-amzn-trace-id"], id);
}

/**
 * Adds a part of the platform to a trace, as its `Self`; it is the `Root` of a trace that has none.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
 */
export function continuedTrace(trace: string | string[] | undefined, id: string): string {
  const fields = String(trace ?? "").split(";");
  const kept = fields.filter((field) => field !== "" && !field.startsWith("Self="));
  return kept.some((field) => /^Root=.+/.test(field)) ? [`Self=${id}`, ...kept].join(";") : `Root=${id}`;
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
