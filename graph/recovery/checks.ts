/**
 * Health checks that find a fault: `failures` in a row, one each `intervalSeconds`. A check that gets no answer fails after
 * `timeoutSeconds`, one that is refused at once.
 */
export interface Checks {
  /** @example "the balancer's checks" */
  readonly by: string;
  readonly failures: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Whether an interval begins with the start of a check, or with its end. */
  readonly from: "start" | "end";
  /** Shortest time limit on one machine, in milliseconds, independent of the time scale. */
  readonly leastTimeoutMs: number;
  /** Seconds for which an earlier good result may still be answered. @default 0 */
  readonly cachedSeconds?: number;
}

/**
 * Returns the milliseconds after which checks have found a fault that began at a random moment: the part `quantile` of
 * such faults is found by then. 1 is the longest time.
 * @param answered  whether checks are refused at once, and not left without an answer
 * @param timeScale  how many times faster than planned intervals pass
 * @example detectionMs({ failures: 2, intervalSeconds: 10, timeoutSeconds: 5, from: "start", … }, 1, false, 1) // 25_000
 */
export function detectionMs(checks: Checks, quantile: number, answered: boolean, timeScale: number): number {
  const { failures, intervalSeconds, timeoutSeconds, from, leastTimeoutMs, cachedSeconds = 0 } = checks;
  const interval = (intervalSeconds * 1_000) / timeScale;
  const timeout = answered
    ? 0
    : Math.max(Math.min(leastTimeoutMs, timeoutSeconds * 1_000), (timeoutSeconds * 1_000) / timeScale);
  // Until the first check: any part of an interval. A time limit that is longer than an interval delays what follows.
  const between = from === "start" ? Math.max(interval, timeout) : interval + timeout;
  return quantile * (interval + (cachedSeconds * 1_000) / timeScale) + (failures - 1) * between + timeout;
}
