import type { Clock } from "../gateway";
import type { ThrottleLimit } from "../throttle";
import { TokenBucket } from "../throttle";
import type { RestExchange } from "./exchange";
import { settingsOfMethod } from "./stages";
import { throttled } from "./usage-plans";

/** Limits of an AWS account in a region that are not raised. */
const accountLimit: ThrottleLimit = { rate: 10_000, burst: 5_000 };

/** Limits of methods by the settings of their stages, then of the account. */
export class MethodThrottles {
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly account: TokenBucket;

  constructor(private readonly clock: Clock) {
    this.account = new TokenBucket(accountLimit, clock.monotonic);
  }

  /** @throws {GatewayError} 429 over a limit */
  admit({ api, stage, method }: RestExchange): void {
    const { path, httpMethod } = method!;
    const limit = settingsOfMethod(stage, path, httpMethod)?.limit;
    if (limit !== undefined) {
      const name = `${api.apiId} ${stage.name} ${path} ${httpMethod}`;
      const bucket = this.buckets.get(name) ?? new TokenBucket(limit, this.clock.monotonic);
      this.buckets.set(name, bucket);
      if (!bucket.take()) throw throttled();
    }
    if (!this.account.take()) throw throttled();
  }
}
