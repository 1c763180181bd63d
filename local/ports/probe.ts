import { type RequestOptions, request } from "node:http";

/**
 * Makes one HTTP health check, on a connection of its own as balancers and Route 53 do.
 * @returns the status; undefined when there was no answer in time
 */
export function probe(url: string, timeoutMs: number, options: RequestOptions = {}): Promise<number | undefined> {
  return new Promise((resolve) => {
    const sent = request(url, { agent: false, ...options }, (response) => {
      response.resume();
      finish(response.statusCode);
    });
    const timer = setTimeout(() => finish(undefined), timeoutMs);
    function finish(status: number | undefined): void {
      clearTimeout(timer);
      resolve(status);
      if (status === undefined) sent.destroy();
    }
    sent.once("error", () => finish(undefined));
    sent.end();
  });
}

/**
 * Tells whether a status is in a list of codes and ranges.
 * @example statusMatches("200,300-399", 302) // true
 */
export function statusMatches(matcher: string, status: number | undefined): boolean {
  return matcher.split(",").some((range) => {
    const [from = Number.NaN, to = from] = range.split("-").map(Number);
    return status !== undefined && from <= status && status <= to;
  });
}
