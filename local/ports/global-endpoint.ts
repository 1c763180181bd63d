import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { UserError } from "../../graph/user-error";
import type { RunningGateway } from "../apigateway/gateway";
import { createGatewayServer } from "../apigateway/http-server";
import { hostName, isAllowedHost } from "./hosts";

/** Options of `GlobalEndpoint`. */
export interface GlobalEndpointOptions {
  /** Names of the plan that requests may have as Host, in lower case. */
  readonly names: ReadonlySet<string>;
  /**
   * Returns a planned name and the gateway that Route 53 answers for it now; undefined until ready.
   * @param name  one of `names`; unset for the global name of the environment's API
   * @param socket  whether a WebSocket is asked for
   */
  readonly resolve: (
    name?: string,
    socket?: boolean,
  ) => { readonly host: string; readonly gateway: RunningGateway } | undefined;
  /** Answers a request that is one of the console; returns false for any other. */
  readonly console: (incoming: IncomingMessage, response: ServerResponse) => boolean;
  /**
   * Milliseconds in which a request must have arrived whole.
   * @default that of the regions' gateways
   */
  readonly arrivalMilliseconds?: number;
}

/**
 * The one address for clients: forwards requests to the gateway that Route 53 answers for the name in Host, and serves the
 * console.
 */
export class GlobalEndpoint {
  /** Empty until it listens. */
  url = "";
  private readonly server: Server;

  constructor(private readonly options: GlobalEndpointOptions) {
    this.server = createGatewayServer((req, res) => this.handle(req, res), options.arrivalMilliseconds);
    this.server.on("upgrade", (req, socket, head) => this.upgrade(req, socket, head));
  }

  /**
   * Listens on a port and returns the URL.
   * @param preferred  whether a free port is taken when this one is in use
   * @throws {UserError} when the port cannot be used
   */
  async listen(port: number, preferred = false): Promise<string> {
    try {
      await this.tryToListen(port);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (preferred) return this.listen(0);
      const why =
        code === "EADDRINUSE" ? "is in use; stop what uses it, or choose another" : `cannot be used: ${message}`;
      throw new UserError(`port ${port} ${why}`);
    }
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this.url;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private tryToListen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", () => {
        this.server.removeListener("error", reject);
        resolve();
      });
    });
  }

  private handle(incoming: IncomingMessage, response: ServerResponse): void {
    if (!isAllowedHost(incoming, this.options.names))
      answer(response, 403, "application/json", '{"message":"Forbidden"}');
    else if (!this.options.console(incoming, response)) this.forward(incoming, response);
  }

  /**
   * Opens a WebSocket at the gateway of its name. Any other gateway answers as if nothing else was asked for, as AWS
   * does.
   */
  private upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { names, resolve } = this.options;
    const name = hostName(incoming.headers.host ?? "");
    const target = isAllowedHost(incoming, names) ? resolve(names.has(name) ? name : undefined, true) : undefined;
    if (target?.gateway.upgrade !== undefined) {
      incoming.headers.host = target.host;
      target.gateway.upgrade(incoming, socket, head);
      return;
    }
    const response = new ServerResponse(incoming);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    response.once("finish", () => socket.end());
    this.handle(incoming, response);
  }

  /** Hands the request to the gateway in this process: a second connection would be slow, and AWS has none either. */
  private forward(incoming: IncomingMessage, response: ServerResponse): void {
    const { names, resolve } = this.options;
    const name = hostName(incoming.headers.host ?? "");
    const target = names.has(name) ? resolve(name) : resolve();
    if (target === undefined) {
      answer(response, 503, "application/json", '{"message":"The platform starts"}');
      return;
    }
    // On AWS clients send a name of the API as Host, not an address of this machine.
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
