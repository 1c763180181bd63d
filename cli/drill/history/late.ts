import { byKey, type Operation, type Violation } from "./operation";

/** When a region was lost, in the milliseconds of the history. */
export interface RegionLoss {
  readonly lostAt: number;
  /** From here on all writes must be everywhere. */
  readonly settledAt: number;
  /** Longest time from a write to the moment at which the other region had it. */
  readonly lagMs: number;
}

/**
 * Checks a history during which a region was lost. Writes reach the other region later, and the last one of an item wins:
 * what was acknowledged within the lag before the loss may be missing until all is settled, and a read may be late by the
 * lag until then. Before and afterwards a read gets the newest write that was acknowledged before it began, or one that may
 * or may not have been stored. Each key must have one put at a time, with rising values.
 */
export function checkLate(history: readonly Operation[], loss: RegionLoss): Violation[] {
  return [...byKey(history)].flatMap(([key, operations]) => {
    const puts = operations.filter(({ kind }) => kind === "put");
    const wrong = operations.find((each) => each.kind === "get" && !isAllowed(each, puts, loss));
    if (wrong === undefined) return [];
    const at = `${Math.round(wrong.start)} ms`;
    const what =
      wrong.start >= loss.settledAt
        ? `a write that was acknowledged is lost: at ${at} the get read ${wrong.value}`
        : `at ${at} the get read ${wrong.value}, which is older than the lag explains`;
    return [{ key, what, history: operations }];
  });
}

function isAllowed({ value, start, end = start }: Operation, puts: readonly Operation[], loss: RegionLoss): boolean {
  const stored = puts.find((each) => each.value === value);
  if (value !== 0 && (stored === undefined || stored.start > end)) return false;
  if (stored !== undefined && stored.end === undefined) return true;
  return value >= oldestAllowed(start, puts, loss);
}

function oldestAllowed(start: number, puts: readonly Operation[], { lostAt, settledAt, lagMs }: RegionLoss): number {
  const unsettled = start >= lostAt && start < settledAt;
  const before = unsettled ? start - lagMs : start;
  const newest = puts.filter((each) => {
    if (each.end === undefined || each.end > before) return false;
    // What the lost region had just acknowledged may be there alone.
    return !(unsettled && each.start < lostAt && each.end > lostAt - lagMs);
  });
  return newest.at(-1)?.value ?? 0;
}
