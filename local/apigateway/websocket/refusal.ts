import type { Duplex } from "node:stream";

const reasons: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  429: "Too Many Requests",
  502: "Bad Gateway",
};

/** Answers a request that asks for a connection without opening one. */
export function refuse(socket: Duplex, status: number): void {
  const reason = reasons[status] ?? "Error";
  const body = JSON.stringify({ message: reasons[status] ?? "Internal server error" });
  const head = `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
}
