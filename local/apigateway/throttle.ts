import type { Stage, ThrottleLimit } from "./api-model";

/** A token bucket: starts full, is refilled evenly at the rate up to the burst; each request takes one token. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  /** @param now  milliseconds of a clock that never goes back */
  constructor(
    private readonly limit: ThrottleLimit,
    private readonly now: () => number,
  ) {
    this.tokens = limit.burst;
    this.filledAt = now();
  }

  /** Takes a token; returns false when there is none. */
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

/** Makes a token bucket for each route of a stage with a limit of its own or by the stage's default; by route key. */
export function bucketsByRouteKey(
  stage: Stage,
  routes: readonly { readonly key: string }[],
  now: () => number,
): ReadonlyMap<string, TokenBucket> {
  const limits = routes.map(({ key }) => [key, stage.limits.get(key) ?? stage.defaultLimit] as const);
  return new Map(limits.flatMap(([key, limit]) => (limit ? [[key, new TokenBucket(limit, now)]] : [])));
}
