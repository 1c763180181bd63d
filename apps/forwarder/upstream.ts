import { type Agent, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { HttpError } from "../kit/errors";
import type { OutgoingRequest } from "./event";
import type { Instance, Instances } from "./instances";

/** What `sendUpstream` needs. */
export interface UpstreamParts {
  readonly agent: Agent;
  readonly instances: Instances;
  /** When the answer's head must have arrived, in milliseconds since 1970. */
  readonly deadline: number;
  /** Is told of each server that failed. */
  readonly onFailure: (what: string, error: unknown) => void;
}

/** Time to connect to a server of the same network; another server is tried after it. */
const connectMilliseconds = 1_000;
/** Servers that are tried for one request. */
const mostServers = 3;

/**
 * Sends a request to a server of its service and returns the answer as soon as its head has arrived. Redirects are not
 * followed. Another server is tried when this one could not be connected to, so that nothing was sent, and once more when
 * the connection of a GET or HEAD ended before an answer. Any other request is sent once at most.
 * @throws {HttpError} 503 `no_servers`, 502 `bad_gateway` or 504 `gateway_timeout`
 */
export async function sendUpstream(outgoing: OutgoingRequest, parts: UpstreamParts): Promise<IncomingMessage> {
  const { instances, deadline, onFailure } = parts;
  const servers = (await instances.of(outgoing.target)).slice(0, mostServers);
  let mayRepeat = outgoing.method === "GET" || outgoing.method === "HEAD";
  let last: unknown;
  for (const server of servers) {
    try {
      return await attempt(outgoing, server, parts);
    } catch (error) {
      const { sent, cause } = error as Failure;
      last = cause;
      onFailure("a server did not answer", cause);
      if (!sent) instances.failed(server);
      if (Date.now() >= deadline)
        throw new HttpError(504, "gateway_timeout", "The service did not answer in time", cause);
      if (sent && !mayRepeat) break;
      if (sent) mayRepeat = false;
    }
  }
  throw new HttpError(502, "bad_gateway", "The service did not answer", last);
}

/** Why an attempt failed, and whether the server may have received the request. */
interface Failure {
  readonly sent: boolean;
  readonly cause: unknown;
}

/** Sends the request to one server. Rejects with a `Failure`. */
function attempt(
  outgoing: OutgoingRequest,
  server: Instance,
  { agent, deadline }: UpstreamParts,
): Promise<IncomingMessage> {
  const { method, path, headers, body } = outgoing;
  const { address, port } = server;
  return new Promise((resolve, reject) => {
    let sent = false;
    // Host and port alone say where the request goes. The path is written into the request line as it is.
    const call = request({
      agent,
      host: address,
      port,
      method,
      path,
      headers: {
        ...headers,
        host: `${address}:${port}`,
        ...(body !== undefined && { "content-length": String(body.length) }),
      },
    });
    const late = (what: string) => () => call.destroy(new Error(what));
    const answering = setTimeout(late("no answer in time"), Math.max(0, deadline - Date.now()));
    const connecting = setTimeout(late("no connection in time"), connectMilliseconds);
    const connected = () => {
      sent = true;
      clearTimeout(connecting);
    };
    call.once("socket", (socket: Socket) => (socket.connecting ? socket.once("connect", connected) : connected()));
    const end = () => {
      clearTimeout(answering);
      clearTimeout(connecting);
    };
    call.once("response", (response) => {
      end();
      resolve(response);
    });
    // Nothing asked for another protocol.
    call.once("upgrade", (_response, socket: Socket) => {
      end();
      socket.destroy();
      reject({ sent, cause: new Error("an upgrade that was not asked for") } satisfies Failure);
    });
    call.on("error", (cause) => {
      end();
      reject({ sent, cause } satisfies Failure);
    });
    call.end(body);
  });
}
