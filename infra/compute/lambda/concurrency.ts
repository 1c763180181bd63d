import type { Capacity } from "../capacity";

/** Executions that the releaser of a function reserves, where the function itself reserves. */
export const RELEASER_CONCURRENCY = 1;

/**
 * Returns the fewest and most warm executions of a function. AWS refuses more than the function's reservation; without
 * one, scaling stops at ten times the fewest, so that a wave of requests cannot take the whole account's quota.
 * @example warmRange(2, 8) // { min: 2, max: 8 }
 * @example warmRange(2) // { min: 2, max: 20 }
 */
export function warmRange(provisioned: number, reserved: number = 10 * provisioned): Capacity {
  return { min: provisioned, max: reserved };
}
