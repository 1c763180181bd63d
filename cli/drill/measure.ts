import type { Asked } from "./load";

/** What clients saw of a fault. Times are milliseconds. */
export interface Measured {
  readonly requests: number;
  /** Requests without an answer, or with one of 500 or more. */
  readonly failed: number;
  /** Failed requests by status. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Requests that a limit refused: answers 429. */
  readonly throttled: number;
  /** Failed requests that began before the fault. */
  readonly failedBefore: number;
  /** From the start of the first failure in a row to the start of the next request that succeeded, the longest. */
  readonly longestOutageMs: number;
  /** From the fault to the start of the last request that failed; 0 without one. */
  readonly failuresStoppedMs: number;
}

/** Tells whether a request failed: it had no answer, or one of 500 or more. */
export function hasFailed({ status }: Pick<Asked, "status">): boolean {
  return typeof status !== "number" || status >= 500;
}

/**
 * Measures what clients saw.
 * @param faultAt  when the fault began
 */
export function measure(asked: readonly Asked[], faultAt: number): Measured {
  const sorted = asked.toSorted((a, b) => a.start - b.start);
  const failed = sorted.filter(hasFailed);
  const after = failed.filter(({ end }) => end >= faultAt);
  const byStatus: Record<string, number> = {};
  for (const { status } of failed) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return {
    requests: sorted.length,
    failed: failed.length,
    byStatus,
    throttled: sorted.filter(({ status }) => status === 429).length,
    failedBefore: failed.length - after.length,
    longestOutageMs: longestOutage(sorted),
    failuresStoppedMs: after.reduce((latest, { start }) => Math.max(latest, start - faultAt), 0),
  };
}

/** From the start of the first failure in a row to the start of the next request that succeeded, the longest. */
function longestOutage(sorted: readonly Asked[]): number {
  let longest = 0;
  let from: number | undefined;
  for (const request of sorted) {
    if (hasFailed(request)) from ??= request.start;
    else if (from !== undefined) {
      longest = Math.max(longest, request.start - from);
      from = undefined;
    }
  }
  const last = sorted.at(-1);
  return from === undefined || last === undefined ? longest : Math.max(longest, last.start - from);
}
