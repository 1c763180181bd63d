const loopback = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/**
 * The origins that requests to legacy endpoints are sent to. No request leaves this machine unless it is configured.
 */
export class LegacyOrigins {
  private readonly reported = new Set<string>();

  /**
   * @param origins  planned origin -> origin that gets its requests instead
   * @param log      gets one line per refused origin
   */
  constructor(
    private readonly origins: Readonly<Record<string, string>>,
    private readonly log: (message: string) => void,
  ) {}

  /** Returns where requests to a planned origin go; undefined when they would leave this machine. */
  resolve(origin: string): string | undefined {
    const mapped = Object.hasOwn(this.origins, origin) ? this.origins[origin] : undefined;
    if (mapped !== undefined || loopback.test(origin)) return mapped ?? origin;
    if (!this.reported.has(origin)) {
      this.reported.add(origin);
      this.log(
        `gateway: requests to ${origin} leave this machine and are answered 503; map the origin, as in ${origin}=http://127.0.0.1:9000`,
      );
    }
    return undefined;
  }
}
