import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { SecureContextOptions } from "node:tls";

/** What a proxy knows of one exchange before it answers. */
export interface Relayed {
  readonly method: string;
  readonly path: string;
  readonly requestBody: string;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Answers instead of the origin when it returns an answer. */
export type Intercept = (exchange: Omit<Relayed, "status" | "headers" | "body">) => Partial<Relayed> | undefined;

/** Faults to plant between a client and a gateway. */
export interface ProxyOptions {
  readonly origin: string;
  /** Changes an answer in place. */
  readonly change?: (exchange: Relayed) => void;
  readonly intercept?: Intercept;
  /** Serves HTTPS. */
  readonly tls?: SecureContextOptions;
}

/** A running proxy on loopback. */
export interface RunningProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a proxy that passes on everything but what it is to change. */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const handle = (incoming: IncomingMessage, response: ServerResponse) => {
    relay(options, incoming, response).catch(() => response.destroy());
  };
  const server: Server = options.tls ? createTlsServer(options.tls, handle) : createServer(handle);
  // Longer than any client keeps an idle connection, also one on a busy machine.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function relay({ origin, change, intercept }: ProxyOptions, incoming: IncomingMessage, response: ServerResponse) {
  const asked = { method: incoming.method!, path: incoming.url!, requestBody: await textOf(incoming) };
  const own = intercept?.(asked);
  const exchange: Relayed = {
    ...asked,
    ...(own ? { status: 200, headers: {}, body: "", ...own } : await ask(origin, incoming, asked.requestBody)),
  };
  change?.(exchange);
  const { "transfer-encoding": _, ...headers } = exchange.headers;
  response.writeHead(exchange.status, { ...headers, "content-length": Buffer.byteLength(exchange.body) });
  response.end(exchange.body);
}

function ask(origin: string, { method, url, headers }: IncomingMessage, body: string) {
  return new Promise<Pick<Relayed, "status" | "headers" | "body">>((resolve, reject) => {
    const { "transfer-encoding": _, ...rest } = headers;
    const call = request(`${origin}${url}`, { method: method!, headers: rest }, (answer) => {
      textOf(answer).then(
        (text) => resolve({ status: answer.statusCode!, headers: { ...answer.headers }, body: text }),
        reject,
      );
    });
    call.once("error", reject).end(body);
  });
}

async function textOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
