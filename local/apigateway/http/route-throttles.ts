import { TokenBucket } from "../throttle";
import type { Stage } from "./api-model";

/** Makes a token bucket for each route of a stage with a limit of its own or by the stage's default; by route key. */
export function bucketsByRouteKey(
  stage: Stage,
  routes: readonly { readonly key: string }[],
  now: () => number,
): ReadonlyMap<string, TokenBucket> {
  const limits = routes.map(({ key }) => [key, stage.limits.get(key) ?? stage.defaultLimit] as const);
  return new Map(limits.flatMap(([key, limit]) => (limit ? [[key, new TokenBucket(limit, now)]] : [])));
}
