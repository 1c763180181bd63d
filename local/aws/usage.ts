/** Quota of a usage plan. */
export interface Quota {
  readonly limit: number;
  readonly period: "DAY" | "WEEK" | "MONTH";
}

const dayMilliseconds = 86_400_000;

/**
 * Counts the requests of API keys by plan and day, as `GetUsage` reports them, and refuses those over a plan's quota. Days
 * and periods are those of UTC; a week begins on Sunday. Counts end with the platform.
 */
export class UsageCounter {
  /** Requests by `<plan>/<key>`, then by day. */
  private readonly counts = new Map<string, Map<number, number>>();

  /** @param now  milliseconds since the epoch */
  constructor(private readonly now: () => number = Date.now) {}

  /** Counts a request. @returns false, without counting it, when the quota of the period is used up */
  take(planId: string, keyId: string, quota: Quota | undefined): boolean {
    const today = dayOf(this.now());
    if (quota !== undefined && this.used(planId, keyId, periodStart(today, quota.period), today) >= quota.limit) {
      return false;
    }
    const days = this.daysOf(planId, keyId);
    days.set(today, (days.get(today) ?? 0) + 1);
    return true;
  }

  /**
   * Returns what a key used each day and what was left at its end, from the first day to the last.
   * @param from  ISO date
   * @param to  ISO date, included
   * @example usage.days("a1b2c3", "k1", { limit: 10, period: "DAY" }, "2026-01-01", "2026-01-02") // [[3, 7], [0, 10]]
   */
  days(planId: string, keyId: string, quota: Quota | undefined, from: string, to: string): [number, number][] {
    const [first, last] = [dayOf(Date.parse(from)), dayOf(Date.parse(to))];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
      const day = first + i;
      const used = this.used(planId, keyId, day, day);
      if (quota === undefined) return [used, 0];
      const usedInPeriod = this.used(planId, keyId, periodStart(day, quota.period), day);
      return [used, Math.max(0, quota.limit - usedInPeriod)];
    });
  }

  private used(planId: string, keyId: string, from: number, to: number): number {
    let sum = 0;
    for (const [day, count] of this.daysOf(planId, keyId)) if (from <= day && day <= to) sum += count;
    return sum;
  }

  private daysOf(planId: string, keyId: string): Map<number, number> {
    const key = `${planId}/${keyId}`;
    const known = this.counts.get(key) ?? new Map<number, number>();
    this.counts.set(key, known);
    return known;
  }
}

/** Number of a day since the epoch. */
function dayOf(milliseconds: number): number {
  return Math.floor(milliseconds / dayMilliseconds);
}

function periodStart(day: number, period: Quota["period"]): number {
  const date = new Date(day * dayMilliseconds);
  switch (period) {
    case "DAY":
      return day;
    case "WEEK":
      return day - date.getUTCDay();
    case "MONTH":
      return day - date.getUTCDate() + 1;
  }
}
