import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunningGateway } from "../apigateway/server";
import { consolePage } from "../console/page";
import type { PlatformState } from "../state/platform-state";

/** Options of `GlobalEndpoint`. */
export interface GlobalEndpointOptions {
  /** Returns the API's global name and the gateway that Route 53 answers for it now; undefined until ready. */
  readonly resolve: () => { readonly host: string; readonly gateway: RunningGateway } | undefined;
  readonly state: () => PlatformState;
}

/** The one address for clients: forwards requests to the region that Route 53 answers, and serves the console. */
export class GlobalEndpoint {
  private readonly server: Server;

  constructor(private readonly options: GlobalEndpointOptions) {
    this.server = createServer({ maxHeaderSize: 64 * 1_024, keepAliveTimeout: 60_000 }, (incoming, response) =>
      this.handle(incoming, response),
    );
    this.server.maxHeadersCount = 0;
  }

  /** Listens on a port and returns the URL. @throws {Error} one sentence when the port is taken */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", (error: Error & { code?: string }) => {
        const why =
          error.code === "EADDRINUSE"
            ? "is in use; stop what uses it, or choose another"
            : `cannot be used: ${error.message}`;
        reject(new Error(`port ${port} ${why}`));
      });
      this.server.listen(port, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private handle(incoming: IncomingMessage, response: ServerResponse): void {
    if (incoming.url === "/_platform/state")
      answer(response, 200, "application/json", JSON.stringify(this.options.state()));
    else if (incoming.url === "/" && incoming.method === "GET" && incoming.headers.accept?.includes("text/html")) {
      answer(response, 200, "text/html; charset=utf-8", consolePage(this.options.state()));
    } else {
      this.forward(incoming, response);
    }
  }

  /** Hands the request to the gateway in this process: a second connection would be slow, and AWS has none either. */
  private forward(incoming: IncomingMessage, response: ServerResponse): void {
    const target = this.options.resolve();
    if (target === undefined) {
      answer(response, 503, "application/json", '{"message":"The platform starts"}');
      return;
    }
    // On AWS clients send the API's name as Host, not an address of this machine.
    incoming.headers.host = target.host;
    target.gateway.handle(incoming, response);
  }
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    "content-type": type,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}
