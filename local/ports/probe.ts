import { type RequestOptions, request } from "node:http";

/**
 * One HTTP health check, on a connection of its own as balancers and Route 53 make it.
 * @returns the status, or undefined when there was no answer in time
 */
export function probe(url: string, timeoutMs: number, options: RequestOptions = {}): Promise<number | undefined> {
  return new Promise((resolve) => {
    const call = request(url, { agent: false, ...options }, (response) => {
      response.resume();
      finish(response.statusCode);
    });
    const timer = setTimeout(() => finish(undefined), timeoutMs);
    function finish(status: number | undefined): void {
      clearTimeout(timer);
      resolve(status);
      if (status === undefined) call.destroy();
    }
    call.once("error", () => finish(undefined));
    call.end();
  });
}

/** Whether a status is in a list such as `200`, `200,202` or `200-399`. */
export function matches(matcher: string, status: number | undefined): boolean {
  return matcher.split(",").some((range) => {
    const [from = Number.NaN, to = from] = range.split("-").map(Number);
    return status !== undefined && from <= status && status <= to;
  });
}
