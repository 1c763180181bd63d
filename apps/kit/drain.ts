import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "./log";

/** Options of `drainOnSignals`. */
interface DrainOptions {
  /** Time after the first SIGTERM in which new requests are still served. */
  readonly drainSeconds: number;
  /** Time that requests in flight have to end after that. */
  readonly finishSeconds: number;
  readonly log: Logger;
}

/** Time that requests in flight have to end after SIGINT or a second SIGTERM. */
const shortenedFinishSeconds = 2;

/**
 * Makes the process end with exit code 0 on SIGTERM and SIGINT. After a first SIGTERM the server keeps serving for
 * `drainSeconds`, with `connection: close` in each response, so that requests of clients that still have its address
 * succeed. After SIGINT or a second SIGTERM it takes no more connections, and waits at most 2 s for requests in flight.
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
  process.on("SIGINT", () => void close(shortenedFinishSeconds));
  process.on("SIGTERM", () => {
    if (draining) {
      void close(shortenedFinishSeconds);
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
