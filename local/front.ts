import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import { Agent } from "undici";
import { page } from "./console/page";
import { isHopByHop } from "./gateway/request-headers";
import type { PlatformState } from "./state";

export interface FrontOptions {
  /** The name clients call, and the URL of the region that Route 53 answers for it now; undefined until ready. */
  readonly resolve: () => { readonly host: string; readonly url: string } | undefined;
  readonly state: () => PlatformState;
}

/** The platform's one address: what a client's resolver and connection are on AWS, and the console. */
export class Front {
  private readonly agent = new Agent({ pipelining: 1 });
  private readonly server: Server;

  constructor(private readonly options: FrontOptions) {
    this.server = createServer({ maxHeaderSize: 64 * 1_024 }, (incoming, response) => this.handle(incoming, response));
    this.server.maxHeadersCount = 0;
  }

  /** @returns the URL. @throws {Error} one sentence when the port is taken */
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
    await Promise.all([closed, this.agent.destroy()]);
  }

  private handle(incoming: IncomingMessage, response: ServerResponse): void {
    if (incoming.url === "/_platform/state")
      answer(response, 200, "application/json", JSON.stringify(this.options.state()));
    else if (incoming.url === "/" && incoming.method === "GET" && incoming.headers.accept?.includes("text/html")) {
      answer(response, 200, "text/html; charset=utf-8", page(this.options.state()));
    } else {
      this.forward(incoming, response).catch(() => {
        if (response.headersSent) response.destroy();
        else answer(response, 502, "application/json", '{"message":"The region does not answer"}');
      });
    }
  }

  private async forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = this.options.resolve();
    if (target === undefined) return answer(response, 503, "application/json", '{"message":"The platform starts"}');
    const bodiless =
      incoming.headers["content-length"] === undefined && incoming.headers["transfer-encoding"] === undefined;
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const { statusCode, headers, body } = await this.agent.request({
      origin: target.url,
      path: incoming.url!,
      method: incoming.method as "GET",
      headers: requestHeaders(incoming, target.host),
      body: bodiless ? null : incoming,
      signal: gone.signal,
    });
    for (const name of ["connection", "keep-alive", "transfer-encoding"]) delete headers[name];
    response.writeHead(statusCode, headers);
    pipeline(body, response, () => {});
  }
}

/** As sent, but for the name: a client asked for the API's, wherever this machine listens. */
function requestHeaders({ rawHeaders, headers }: IncomingMessage, host: string): string[] {
  const kept = ["host", host];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (name !== "host" && !isHopByHop(name, headers.connection)) kept.push(name, rawHeaders[i + 1]!);
  }
  return kept;
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    "content-type": type,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}
