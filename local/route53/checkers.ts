/** Route 53 publishes the addresses of two checkers for each of its eight checker regions. */
const checkersPerRegion = 2;
const checkerRegions = 8;
/** An endpoint is healthy while more than this part of its checkers find it so. */
const healthyPart = 0.18;

/**
 * Returns how many checkers a health check has.
 * @param regions  those of the check, where it names some
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/route-53-ip-addresses.html
 */
export function numberOfCheckers(regions: readonly string[] | undefined): number {
  return checkersPerRegion * (regions?.length || checkerRegions);
}

/**
 * What the checkers of one endpoint have found. Each changes its own mind after as many results in a row as planned; together
 * they find the endpoint healthy while more than 18 % of them do.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export class Checkers {
  private readonly found: { healthy: boolean; differing: number }[];

  /** @param threshold  results in a row */
  constructor(
    number: number,
    private readonly threshold: number,
  ) {
    // A new check counts as healthy.
    this.found = Array.from({ length: number }, () => ({ healthy: true, differing: 0 }));
  }

  get number(): number {
    return this.found.length;
  }

  get healthy(): boolean {
    return this.found.filter(({ healthy }) => healthy).length > healthyPart * this.found.length;
  }

  /** Takes a result of one checker. @returns whether the endpoint became healthy or unhealthy by it */
  record(checker: number, passed: boolean): boolean {
    const before = this.healthy;
    const own = this.found[checker]!;
    own.differing = passed === own.healthy ? 0 : own.differing + 1;
    if (own.differing >= this.threshold) Object.assign(own, { healthy: passed, differing: 0 });
    return this.healthy !== before;
  }
}
