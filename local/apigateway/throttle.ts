/** A throttling limit: requests per second, and the size of the token bucket. */
export interface ThrottleLimit {
  readonly rate: number;
  readonly burst: number;
}

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
