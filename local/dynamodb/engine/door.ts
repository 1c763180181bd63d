import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How an address fails: refuses connections, never answers, answers later, or answers every second call with 500. */
export type DoorFault = "refuse" | "hang" | "slow" | "flaky";

type Handle = (req: IncomingMessage, res: ServerResponse) => void;

/** How much later a slow answer comes. */
const slowMs = 1_000;

/** An address of the store, which answers calls until it is told to fail. It keeps its port. */
export class Door {
  private port = 0;
  private server: Server | undefined;
  private fault: DoorFault | undefined;
  private calls = 0;

  constructor(private readonly handle: Handle) {}

  /** @returns the port, a free one for 0 */
  async open(port: number): Promise<number> {
    const server = createServer((req, res) => this.answer(req, res));
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    return this.port;
  }

  /** Fails from now on, or answers again. What hangs is never answered. */
  async fail(fault: DoorFault | undefined): Promise<void> {
    this.fault = fault;
    if (fault === "refuse") await this.close();
    else if (this.server === undefined) await this.open(this.port);
  }

  private async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  private answer(req: IncomingMessage, res: ServerResponse): void {
    this.calls++;
    if (this.fault === "hang") req.resume();
    else if (this.fault === "slow") setTimeout(() => this.handle(req, res), slowMs);
    else if (this.fault === "flaky" && this.calls % 2 === 0) {
      req.resume();
      res.writeHead(500, { "content-type": "application/x-amz-json-1.0" });
      res.end('{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"Internal server error"}');
    } else this.handle(req, res);
  }
}
