/** Number of servers of one service in one region: the fewest and the most. */
export interface Capacity {
  readonly min: number;
  readonly max: number;
}

/** Returns how many servers still carry the peak when one zone is lost: zones x ceil(peak / (zones - 1)). */
export function minimumServers(peak: number, zones: number): number {
  return zones * Math.ceil(peak / (zones - 1));
}

/** Returns the smallest maximum that leaves scaling half of the minimum as room. */
export function leastMaximum(minimum: number): number {
  return Math.ceil(1.5 * minimum);
}

/**
 * Returns the highest average utilisation, percent, at which the other zones take a lost zone's load and stay at or
 * below 90 %.
 * @example utilisationCap(3) // 60
 */
export function utilisationCap(zones: number): number {
  return Math.floor((90 * (zones - 1)) / zones);
}

/**
 * Computes the servers of one service in one region. Configuration has refused what does not fit (a maximum below
 * `leastMaximum`, fewer than two zones), so nothing is corrected here.
 * @example serverCapacity({ peak: 4, max: 12 }, 3) // { min: 6, max: 12 }
 */
export function serverCapacity(
  { peak, max }: { readonly peak: number; readonly max: number },
  zones: number,
): Capacity {
  return { min: minimumServers(peak, zones), max };
}
