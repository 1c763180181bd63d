import { createServer, request, type Server } from "node:http";

/** A proxy of the loopback that hands every request to one server, whatever host it is for. */
export interface Forwarder {
  readonly url: string;
  stop(): Promise<void>;
}

/** A name that no resolver has; requests for it and for names below it go through the forwarder. */
export const FORWARDED_HOST = "http://emulator.invalid";

/** Some services are asked at a host of the account's own, `123456789012.emulator.invalid`, that an address cannot have. */
export async function startForwarder(target: string): Promise<Forwarder> {
  const { hostname, port, host } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const { pathname, search } = new URL(incoming.url ?? "/", target);
    const options = { hostname, port, path: `${pathname}${search}`, method: incoming.method };
    const forwarded = request({ ...options, headers: { ...incoming.headers, host } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as { port: number };
  return { url: `http://127.0.0.1:${address.port}`, stop: () => close(server) };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
