/** Number of servers of one service in one region: the fewest and the most. */
export interface Capacity {
  readonly min: number;
  readonly max: number;
}

/**
 * Returns the fewest servers of which enough for the peak are left when one zone is lost: zones x ceil(peak / (zones -
 * 1)).
 * @param peak  servers that the highest load needs
 * @example minimumServers(4, 3) // 6
 */
export function minimumServers(peak: number, zones: number): number {
  return zones * Math.ceil(peak / (zones - 1));
}

/**
 * Returns the smallest allowed maximum of servers: scaling must be able to add half of the minimum.
 * @example leastMaximum(6) // 9
 */
export function leastMaximum(minimum: number): number {
  return Math.ceil(1.5 * minimum);
}

/**
 * Returns the highest average utilisation in percent at which, when a zone is lost, the other zones take its load and
 * stay at or below 90 %.
 * @example utilisationCap(3) // 60
 */
export function utilisationCap(zones: number): number {
  return Math.floor((90 * (zones - 1)) / zones);
}

/**
 * Returns the fewest and most servers of one service in one region. Configuration has already refused a maximum below
 * `leastMaximum` and fewer than two zones, so this function checks nothing.
 * @example serverCapacity({ peak: 4, max: 12 }, 3) // { min: 6, max: 12 }
 */
export function serverCapacity(
  { peak, max }: { readonly peak: number; readonly max: number },
  zones: number,
): Capacity {
  return { min: minimumServers(peak, zones), max };
}
