import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** How something fails: it refuses connections, takes them and says nothing, or its name is not found any more. */
export type FaultKind = "refuse" | "hang" | "vanish";

/**
 * An address in front of another one, which passes bytes on until it is told to fail. It keeps its port, so that what was told
 * it finds it again afterwards.
 */
export class Relay {
  /** Port on the loopback interface. */
  port = 0;
  private server: Server | undefined;
  private fault: FaultKind | undefined;
  private readonly sockets = new Set<Socket>();

  /** @param target  URL of what is behind it */
  constructor(private readonly target: string) {}

  async open(): Promise<void> {
    const server = createServer((socket) => this.accept(socket));
    server.listen(this.port, "127.0.0.1");
    await once(server, "listening");
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /**
   * Fails from now on, or works again. Open connections break in every case: a name that is not found any more is asked for
   * by the next one.
   */
  async fail(fault: FaultKind | undefined): Promise<void> {
    this.fault = fault;
    if (fault === "hang") {
      // What is on the way never arrives; the client waits until it gives up.
      for (const socket of this.sockets) silence(socket);
      return;
    }
    for (const socket of this.sockets) socket.destroy();
    if (fault === "refuse") await this.close();
    else if (this.server === undefined) await this.open();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    await new Promise((resolve) => server.close(resolve));
  }

  private accept(socket: Socket): void {
    this.keep(socket);
    if (this.fault === "hang") {
      silence(socket);
      return;
    }
    const { hostname, port } = new URL(this.target);
    const behind = connect(Number(port), hostname);
    this.keep(behind);
    socket.pipe(behind).pipe(socket);
    socket.once("close", () => behind.destroy());
    behind.once("close", () => {
      // While it hangs, the connection stays open although nothing is behind it any more.
      if (this.fault !== "hang") socket.destroy();
    });
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.once("close", () => this.sockets.delete(socket));
    socket.on("error", () => {}); // the other side broke it
  }
}

function silence(socket: Socket): void {
  socket.unpipe();
  socket.removeAllListeners("data");
  socket.on("data", () => {});
  socket.resume();
}
