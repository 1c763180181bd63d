import type { Socket } from "node:net";
import { hostName, isLoopbackHost } from "../ports/hosts";
import type { Exchange } from "./exchange";
import { headerValues, requestHeadBytes } from "./request-headers";

type Refusal = readonly [status: number, message: string];

const maxHeadBytes = 10_240;

/**
 * Checks a request before it is routed (size of its head, path, Host header), then sets its stage.
 * @returns status and message to refuse it with; undefined when it may go on
 */
export function checkRequest(exchange: Exchange): Refusal | undefined {
  const { req, api } = exchange;
  const host = hostName(req.headers.host ?? "");
  if (requestHeadBytes(req) > maxHeadBytes) return [431, "Request Header Fields Too Large"];
  if (!exchange.path.startsWith("/") || headerValues(req, "host").length > 1) return [400, "Bad Request"];
  const mapped = api.domains.get(host);
  if (mapped === undefined) {
    const own = host === api.endpointHost;
    if (own && api.endpointDisabled) return [404, "Not Found"];
    if (!own && !isLoopbackHost(host)) return [403, "Forbidden"];
  }
  exchange.stage = mapped === undefined ? chooseStage(exchange) : api.stages.get(mapped);
  return exchange.stage ? undefined : [404, "Not Found"];
}

/** Returns the stage that the path begins with, else `$default`; takes the stage's name off the path. */
function chooseStage(exchange: Exchange): Exchange["stage"] {
  const { stages } = exchange.api;
  const name = exchange.path.split("/", 2)[1] ?? "";
  const named = name === "$default" ? undefined : stages.get(name);
  if (named) exchange.path = exchange.path.slice(name.length + 1) || "/";
  return named ?? stages.get("$default");
}

const clientErrors: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout"],
};

/**
 * Answers a request that Node's parser refuses: malformed, with both Content-Length and Transfer-Encoding, or with a
 * head that is too long. Closes the connection without an answer when the client stopped in the middle of the request,
 * or when the request was already answered.
 * @param last  the latest request of this connection
 */
export function refuseMalformedRequest(
  error: Error & { code?: string },
  socket: Socket,
  last: Exchange | undefined,
): void {
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
