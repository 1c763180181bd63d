import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Writable } from "node:stream";
import type { ForwardedEvent } from "../../../apps/forwarder/event";
import { type AnswerHead, createForwarder, type ForwarderParts } from "../../../apps/forwarder/forward";
import { createInstances, type InstancesOptions } from "../../../apps/forwarder/instances";
import { forwarderSettings } from "../../../apps/forwarder/settings";
import { createLogger } from "../../../apps/kit/log";

const open: (Server | Socket)[] = [];

/** Ends every server of the tests of a file, connections included. */
export function closeServers(): void {
  for (const each of open.splice(0)) "close" in each ? each.close() : each.destroy();
}

/** A TCP server on a free port; what it received is in `received`, connection by connection. */
export async function rawServer(onData: (socket: Socket, received: string) => void) {
  const received: string[] = [];
  const server = createServer((socket) => {
    open.push(socket);
    const index = received.push("") - 1;
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      received[index] += chunk.toString("latin1");
      onData(socket, received[index]!);
    });
  }).listen(0, "127.0.0.1");
  open.push(server);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, received };
}

/** An HTTP server on a free port. */
export async function httpServer(listener: RequestListener): Promise<number> {
  const server = createHttpServer(listener).listen(0, "127.0.0.1");
  server.on("connection", (socket) => open.push(socket));
  open.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A port that refuses connections. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const { targets, allowedAddresses } = forwarderSettings({
  TARGETS: JSON.stringify({
    "food-store": { namespace: "dev.internal", service: "food-store" },
    "pet-store": { namespace: "dev.internal", service: "pets" },
  }),
  ADDRESS_RANGES: "127.0.0.0/8",
});

export function restEvent(more: object = {}): ForwardedEvent {
  return {
    resource: "/food-store/foods/{id}",
    path: "/food-store/foods/1",
    httpMethod: "GET",
    headers: { Host: "rest.example.com" },
    multiValueHeaders: { Host: ["rest.example.com"] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { id: "1" },
    stageVariables: null,
    requestContext: {
      requestId: "3f1b2a33-4455-4667-8899-aabbccddeeff",
      identity: { sourceIp: "192.0.2.7" },
      authorizer: { tenant: "acme", subject: "ann", scopes: "", tier: "free", principalId: "ann" },
    },
    body: null,
    isBase64Encoded: false,
    ...more,
  } as ForwardedEvent;
}

/** An event with these headers, and no others of a client. */
export function withHeaders(
  headers: Readonly<Record<string, string | readonly string[]>>,
  more: object = {},
): ForwardedEvent {
  const multiValueHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, [values].flat()]),
  );
  const single = Object.fromEntries(Object.entries(multiValueHeaders).map(([name, values]) => [name, values.at(-1)]));
  return restEvent({ multiValueHeaders, headers: single, ...more });
}

/** The context of an invocation that ends in so many milliseconds. */
export function contextOf(milliseconds: number) {
  const end = Date.now() + milliseconds;
  return { getRemainingTimeInMillis: () => Math.max(0, end - Date.now()) };
}

/** A forwarder of servers on these ports of this machine, which are tried in this order. */
export function forwarderOf(
  ports: readonly number[],
  options: { readonly discover?: InstancesOptions["discover"] } & Partial<
    Pick<ForwarderParts, "trace" | "corsOrigins">
  > = {},
) {
  const lines: string[] = [];
  const log = createLogger({ service: "forwarder", write: (line) => lines.push(line) });
  const attributes = ports.map((port) => ({ AWS_INSTANCE_IPV4: "127.0.0.1", AWS_INSTANCE_PORT: String(port) }));
  const found = createInstances({
    discover: options.discover ?? (async () => attributes),
    allowedAddresses,
    onFailure: (what) => log.error(what),
  });
  const instances = {
    ...found,
    of: async (target: Parameters<typeof found.of>[0]) =>
      [...(await found.of(target))].sort((a, b) => ports.indexOf(a.port) - ports.indexOf(b.port)),
  };
  const forwarder = createForwarder({
    targets,
    corsOrigins: options.corsOrigins ?? [],
    instances,
    log,
    trace: options.trace ?? (() => undefined),
    withHead: HttpResponseStream.from as never,
  });
  return { ...forwarder, lines, send: (event = restEvent(), ms = 10_000) => forwarder.buffered(event, contextOf(ms)) };
}

/** The body of an answer, as API Gateway decodes it. */
export function bodyOf({
  body,
  isBase64Encoded,
}: {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}): Buffer {
  return Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
}

/** The stream that Lambda gives a handler that streams, and what was written to it. */
export class ResponseStream extends Writable {
  beforeFirstWrite: ((write: (part: string | Buffer) => void) => void) | undefined;
  contentType: string | undefined;
  readonly parts: Buffer[] = [];

  setContentType(type: string): void {
    this.contentType = type;
  }

  override write(chunk: any, ...rest: any[]): boolean {
    const before = this.beforeFirstWrite;
    this.beforeFirstWrite = undefined;
    before?.((part) => super.write(part));
    return super.write(chunk, ...(rest as []));
  }

  override end(...args: any[]): this {
    if (args.length > 0 && typeof args[0] !== "function" && args[0] !== undefined) this.write(args.shift());
    return super.end(...args);
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.parts.push(Buffer.from(chunk));
    done();
  }

  /** The head and the body, as API Gateway reads them; no head when the answer does not begin with one. */
  get answer(): { readonly head: AnswerHead | undefined; readonly body: Buffer } {
    const bytes = Buffer.concat(this.parts);
    const at = bytes.indexOf(Buffer.alloc(8));
    if (at < 0) return { head: undefined, body: bytes };
    return { head: JSON.parse(bytes.subarray(0, at).toString()), body: bytes.subarray(at + 8) };
  }
}

/** As in Lambda's runtime: the head is written before the first part, so not at all without one. */
export const HttpResponseStream = {
  from(stream: ResponseStream, head: AnswerHead): ResponseStream {
    stream.setContentType("application/vnd.awslambda.http-integration-response");
    stream.beforeFirstWrite = (write) => {
      write(JSON.stringify(head));
      write(Buffer.alloc(8));
    };
    return stream;
  },
};
