/** Variables with the URL of an endpoint outside the platform: keys of an issuer, and endpoints of shared routes. */
const outsideVariable = /^(JWKS_URL|LEGACY_URL)_./;
/** A port that nothing listens on: what is asked there fails at once, and nothing leaves this machine. */
const nowhere = "http://127.0.0.1:9";

/** Where servers and functions find endpoints outside the platform: on origins of this machine. */
export class OutsideAddresses {
  private readonly reported = new Set<string>();

  /**
   * @param origins  planned origin -> origin of this machine
   * @param log  gets one line per origin that is not mapped
   */
  constructor(
    private readonly origins: Readonly<Record<string, string>>,
    private readonly log: (message: string) => void,
  ) {}

  /**
   * Returns the variables that replace planned ones. A URL whose origin is not mapped is replaced by one that nothing
   * answers: tokens of that issuer are refused, and a shared route answers 503 to the endpoint's callers.
   */
  replacing(env: Readonly<Record<string, string>>): Record<string, string> {
    const urls = Object.entries(env).filter(([name]) => outsideVariable.test(name));
    return Object.fromEntries(urls.map(([name, url]) => [name, this.addressOf(url)]));
  }

  private addressOf(url: string): string {
    const { origin } = new URL(url);
    const here = Object.hasOwn(this.origins, origin) ? this.origins[origin] : undefined;
    if (here === undefined && !this.reported.has(origin)) {
      this.reported.add(origin);
      this.log(
        `${origin} is not on this machine, and nothing is sent to it; map it, as in ${origin}=http://127.0.0.1:9000`,
      );
    }
    return `${here ?? nowhere}${url.slice(origin.length)}`;
  }
}
