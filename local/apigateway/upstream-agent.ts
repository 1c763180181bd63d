import type { Socket } from "node:net";
import { Agent, buildConnector } from "undici";

/**
 * Makes the agent that sends requests to integrations. It announces `content-length: 0` on every request without a body,
 * as API Gateway does on GET too; undici leaves it out there and takes no such header.
 * @param connectMilliseconds  longest time to wait for a connection
 */
export function upstreamAgent(connectMilliseconds: number): Agent {
  const connect = buildConnector({ timeout: connectMilliseconds });
  return new Agent({
    pipelining: 1,
    connect: (options, callback) => {
      connect(options, (error, socket) => {
        if (error) callback(error, null);
        else callback(null, announcingEmptyBodies(socket));
      });
    },
  });
}

/** undici writes the head of a request without a body as one text; bodies are bytes, after a head that says their length. */
function announcingEmptyBodies<S extends Socket>(socket: S): S {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = ((chunk: unknown, ...rest: unknown[]) => write(withLength(chunk), ...rest)) as Socket["write"];
  return socket;
}

function withLength(chunk: unknown): unknown {
  if (typeof chunk !== "string" || !/^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(chunk) || !chunk.endsWith("\r\n\r\n"))
    return chunk;
  if (/\r\n(?:content-length|transfer-encoding):/i.test(chunk)) return chunk;
  return `${chunk.slice(0, -2)}content-length: 0\r\n\r\n`;
}
