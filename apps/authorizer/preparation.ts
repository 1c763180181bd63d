import { setTimeout as sleep } from "node:timers/promises";
import type { IssuerVerifier } from "./token";

/** Longest time that a request waits for keys that its own token may not need. */
const waitMs = 1_000;

/**
 * Makes what fetches the keys of both regions' user pools: when the region of one is gone it is too late for its keys.
 * The first request of an execution environment waits for them, as Lambda stops an environment between two requests, with
 * the fetches that it has begun. What did not arrive is fetched again with later requests, which do not wait. It does
 * nothing with one pool, and never fails.
 */
export function createPreparation(pools: readonly Pick<IssuerVerifier, "prepare">[], longestMs = waitMs) {
  let first = true;
  return async (): Promise<void> => {
    if (pools.length < 2) return;
    const arrived = Promise.all(pools.map((each) => each.prepare()));
    if (!first) return;
    first = false;
    await Promise.race([arrived, sleep(longestMs, undefined, { ref: false })]);
  };
}
