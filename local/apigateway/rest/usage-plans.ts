import type { Clock } from "../gateway";
import { type ThrottleLimit, TokenBucket } from "../throttle";
import type { RestExchange } from "./exchange";
import { GatewayError } from "./gateway-responses";
import type { ApiKey, Quota, UsagePlanModel } from "./usage-plan-model";

/** What a key has used of a plan in the present period. */
export interface PlanUsage {
  readonly used: number;
  readonly remaining: number;
}

interface KeyInPlan {
  readonly bucket: TokenBucket | undefined;
  /** By `<path> <method>`. */
  readonly methodBuckets: Map<string, TokenBucket>;
  period: number;
  used: number;
}

/**
 * The API keys and usage plans of a region: which requests a key opens, and how many. A key may come and go while the
 * gateway runs. Limits count for each key by itself.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
export class UsagePlans {
  private readonly keys = new Map<string, ApiKey>();
  private readonly states = new Map<string, KeyInPlan>();

  constructor(
    readonly plans: readonly UsagePlanModel[],
    keys: readonly ApiKey[],
    private readonly clock: Clock,
  ) {
    for (const key of keys) this.keys.set(key.value, key);
  }

  /** Adds a key, or replaces the one with the same value. */
  put(key: ApiKey): void {
    this.keys.set(key.value, key);
  }

  /** Removes a key by its value; what it has used is forgotten. */
  remove(value: string): void {
    const key = this.keys.get(value);
    this.keys.delete(value);
    for (const plan of this.plans) this.states.delete(stateId(plan, key?.id ?? ""));
  }

  /** Returns the keys of a plan, without their values. */
  keysOf(planId: string): { readonly id: string; readonly enabled: boolean; readonly used: number | undefined }[] {
    const all = [...this.keys.values()].filter(({ planIds }) => planIds.includes(planId));
    return all.map(({ id, enabled }) => ({ id, enabled, used: this.usage(planId, id)?.used }));
  }

  /** Returns what a key has used of a plan's quota; undefined for a plan without one. */
  usage(planId: string, keyId: string): PlanUsage | undefined {
    const plan = this.plans.find(({ id }) => id === planId);
    if (plan?.quota === undefined) return undefined;
    const { used } = this.stateOf(plan, keyId, plan.quota);
    return { used, remaining: Math.max(0, plan.quota.limit - used) };
  }

  /**
   * Counts a request against the plan of its key: first the key's limit for the method, then that of the plan, then the
   * quota.
   * @param value  the key that the client or the authorizer named
   * @throws {GatewayError} 403 without a key that opens the stage, 429 over a limit or the quota
   */
  admit(exchange: RestExchange, value: string | undefined): void {
    const { api, stage, method } = exchange;
    const key = value === undefined ? undefined : this.keys.get(value);
    if (key === undefined || !key.enabled) throw forbidden();
    const opened = this.plans
      .filter(({ id }) => key.planIds.includes(id))
      .map((plan) => ({ plan, at: plan.stages.find((each) => each.apiId === api.apiId && each.stage === stage.name) }))
      .find(({ at }) => at !== undefined);
    if (opened === undefined) throw forbidden();
    exchange.apiKey = { id: key.id, value: key.value };
    const { plan, at } = opened;
    const state = this.stateOf(plan, key.id, plan.quota);
    const name = `${method!.path} ${method!.httpMethod}`;
    const limit = at!.limits.get(name);
    if (limit !== undefined && !this.bucketOf(state, name, limit).take()) throw throttled();
    if (state.bucket?.take() === false) throw throttled();
    if (plan.quota !== undefined) {
      if (state.used >= plan.quota.limit) throw new GatewayError("QUOTA_EXCEEDED", "Limit Exceeded");
      state.used++;
    }
  }

  private stateOf(plan: UsagePlanModel, keyId: string, quota: Quota | undefined): KeyInPlan {
    const id = stateId(plan, keyId);
    const period = quota === undefined ? 0 : periodOf(quota, this.clock.wall());
    let state = this.states.get(id);
    if (state === undefined) {
      const bucket = plan.limit && new TokenBucket(plan.limit, this.clock.monotonic);
      state = { bucket, methodBuckets: new Map(), period, used: quota?.offset ?? 0 };
      this.states.set(id, state);
    }
    if (state.period !== period) {
      state.period = period;
      state.used = 0;
    }
    return state;
  }

  private bucketOf({ methodBuckets }: KeyInPlan, name: string, limit: ThrottleLimit): TokenBucket {
    const bucket = methodBuckets.get(name) ?? new TokenBucket(limit, this.clock.monotonic);
    methodBuckets.set(name, bucket);
    return bucket;
  }
}

function stateId({ id }: UsagePlanModel, keyId: string): string {
  return `${id} ${keyId}`;
}

const dayMilliseconds = 24 * 60 * 60 * 1_000;

/** Numbers the period of a time: days and months of UTC, weeks from Sunday on. */
function periodOf({ period }: Quota, epochMilliseconds: number): number {
  const date = new Date(epochMilliseconds);
  const day = Math.floor(epochMilliseconds / dayMilliseconds);
  if (period === "DAY") return day;
  // 1 January 1970 was a Thursday.
  return period === "WEEK" ? Math.floor((day + 4) / 7) : date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function forbidden(): GatewayError {
  return new GatewayError("INVALID_API_KEY", "Forbidden");
}

/** Makes the error for a request over a limit. */
export function throttled(): GatewayError {
  return new GatewayError("THROTTLED", "Too Many Requests");
}
