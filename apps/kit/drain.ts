import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "./log";

export interface DrainOptions {
  /** How long new requests are still served after the first SIGTERM. */
  readonly drainSeconds: number;
  /** How long requests in flight may take after that. */
  readonly finishSeconds: number;
  readonly log: Logger;
}

/** In-flight requests get so long when somebody insists. */
const hurriedSeconds = 2;

/**
 * Ends the process with exit code 0. SIGTERM first keeps serving, each answer saying `connection: close`, so that clients
 * with a stale address still succeed; a second SIGTERM, or SIGINT, closes at once.
 */
export function drainOnSignals(server: Server, { drainSeconds, finishSeconds, log }: DrainOptions): void {
  const inFlight = countRequests(server);
  let draining = false;
  let deadline = Number.POSITIVE_INFINITY;
  const close = async (seconds: number) => {
    const closing = deadline < Number.POSITIVE_INFINITY;
    deadline = Math.min(deadline, Date.now() + seconds * 1_000);
    if (closing) {
      return;
    }
    server.close();
    while (inFlight() > 0 && Date.now() < deadline) {
      await sleep(20);
    }
    log.info("stopped", { unfinished: inFlight() });
    process.exit(0);
  };
  server.prependListener("request", (_request, response) => {
    if (draining) {
      response.shouldKeepAlive = false;
    }
  });
  process.on("SIGINT", () => void close(hurriedSeconds));
  process.on("SIGTERM", () => {
    if (draining) {
      void close(hurriedSeconds);
      return;
    }
    draining = true;
    log.info("draining", { seconds: drainSeconds });
    setTimeout(() => void close(finishSeconds), drainSeconds * 1_000);
  });
}

function countRequests(server: Server): () => number {
  let count = 0;
  server.prependListener("request", (_request, response) => {
    count++;
    response.once("close", () => count--);
  });
  return () => count;
}
