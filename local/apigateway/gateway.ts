import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** A gateway that listens. */
export interface RunningGateway {
  readonly url: string;
  readonly port: number;
  /** Answers a request that another server of this process received, without a second connection. */
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** Opens a WebSocket for a request that another server of this process received. @default it has none */
  upgrade?(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Refuses new requests and lets those in flight finish for 2 s. */
  stop(): Promise<void>;
}

/** Two clocks in milliseconds, injected so that tests can stop time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Milliseconds of a clock that never goes back, for durations. */
  monotonic(): number;
}

/** The clocks of this machine. */
export const systemClock: Clock = { wall: () => Date.now(), monotonic: () => performance.now() };
