import type { Limit, Stage } from "./api-model";

/** Tokens come back evenly at the rate, up to the burst; each request takes one. Starts full. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  /** @param now  milliseconds of a clock that never goes back */
  constructor(
    private readonly limit: Limit,
    private readonly now: () => number,
  ) {
    this.tokens = limit.burst;
    this.filledAt = now();
  }

  /** @returns whether there was a token to take */
  take(): boolean {
    const { rate, burst } = this.limit;
    const now = this.now();
    this.tokens = Math.min(burst, this.tokens + ((now - this.filledAt) * rate) / 1_000);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

/** One bucket per route of a stage, by route key: its own limit, else the stage's default. */
export function bucketsOf(
  stage: Stage,
  routes: readonly { readonly key: string }[],
  now: () => number,
): ReadonlyMap<string, TokenBucket> {
  const limits = routes.map(({ key }) => [key, stage.limits.get(key) ?? stage.defaultLimit] as const);
  return new Map(limits.flatMap(([key, limit]) => (limit ? [[key, new TokenBucket(limit, now)]] : [])));
}
