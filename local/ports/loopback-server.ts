import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on a free port of loopback. */
export class LoopbackServer {
  /** Empty before it listens. */
  url = "";
  private stopped = false;

  constructor(private readonly server: Server) {}

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => this.server.once("error", reject).listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    if (this.stopped) await this.stop();
  }

  /** Ends all connections; also when it has not started to listen yet. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (!this.server.listening) return;
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
