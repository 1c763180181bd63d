import type { WebSocket } from "ws";
import type { TimeScale } from "../../time-scale";
import type { Upgrade } from "./upgrade";

/** Limits of API Gateway, which no account can have raised. */
export const limits = { frameBytes: 32 * 1_024, messageBytes: 128 * 1_024, idleSeconds: 600, connectionSeconds: 7_200 };

/** An open connection. It ends after ten minutes without a message in either direction, and after two hours. */
export class Connection {
  lastActiveAt: number;
  private idle: NodeJS.Timeout | undefined;
  private readonly duration: NodeJS.Timeout;

  constructor(
    readonly upgrade: Upgrade,
    private readonly socket: WebSocket,
    private readonly time: TimeScale,
  ) {
    this.lastActiveAt = upgrade.connectedAt;
    this.duration = setTimeout(() => this.end("Connection duration exceeded"), time.ms(limits.connectionSeconds));
    this.active();
    socket.once("close", () => {
      clearTimeout(this.idle);
      clearTimeout(this.duration);
    });
  }

  /** Counts the time without a message anew. */
  active(): void {
    this.lastActiveAt = Date.now();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.end("Idle connection timed out"), this.time.ms(limits.idleSeconds));
  }

  /** Sends a message, in frames of 32 KB. */
  async send(data: Buffer): Promise<void> {
    this.active();
    let from = 0;
    do {
      const part = data.subarray(from, from + limits.frameBytes);
      from += part.length;
      await this.frame(part, from >= data.length);
    } while (from < data.length);
  }

  /** Ends the connection, as the gateway does by itself. */
  end(reason = "Going away"): void {
    this.close(1001, reason);
  }

  /** Ends the connection because of a message that is too large. */
  tooLarge(): void {
    this.close(1009, "");
  }

  private close(code: number, reason: string): void {
    this.socket.close(code, reason);
    // A client that does not answer is not waited for.
    setTimeout(() => this.socket.terminate(), 1_000).unref();
  }

  private frame(part: Buffer, fin: boolean): Promise<void> {
    return new Promise((resolve, reject) =>
      this.socket.send(part, { binary: false, fin }, (error) => (error ? reject(error) : resolve())),
    );
  }
}
