import { HttpError } from "./errors";

/** Seconds that the result of a probe stands for the next ones. The time of a failover counts it, see infra/dns. */
export const REGION_PROBE_SECONDS = 5;
/** Seconds that the reads of a probe may take: Route 53 waits 2 s for the status. */
const deadlineSeconds = 1.5;

/** Reads what a request needs of the service's own region, by what is read; each fails as the request would. */
export type RegionReads = Readonly<Record<string, () => Promise<unknown>>>;

/** Id of the item that a probe reads. It does not have to exist: a table that answers at all is there. */
export const probedItem = "region-health";

/** Times of `regionProbe`. */
interface ProbeTimes {
  /** @default 1.5 */
  readonly deadlineSeconds?: number;
  /** @default 5 */
  readonly cacheSeconds?: number;
  /** Milliseconds of a clock. */
  readonly now?: () => number;
}

/**
 * Makes the probe of what a service needs in its region. A probe reads everything once, at the same time; its result, good
 * or bad, is that of every probe until five seconds after it. However often it is asked for, an instance of the service
 * reads its table, and each secret, at most once in five seconds.
 * @returns a function that fails with an `HttpError`, 503 `region_unhealthy`, when a read fails or takes over 1.5 s
 */
export function regionProbe(reads: RegionReads, times: ProbeTimes = {}): () => Promise<void> {
  const { cacheSeconds = REGION_PROBE_SECONDS, now = Date.now } = times;
  const deadline = (times.deadlineSeconds ?? deadlineSeconds) * 1_000;
  let last: Promise<void> | undefined;
  let endedAt: number | undefined;
  return () => {
    if (last === undefined || (endedAt !== undefined && now() - endedAt >= cacheSeconds * 1_000)) {
      endedAt = undefined;
      last = withinDeadline(reads, deadline).finally(() => {
        endedAt = now();
      });
    }
    return last;
  };
}

async function withinDeadline(reads: RegionReads, milliseconds: number): Promise<void> {
  await Promise.all(
    Object.entries(reads).map(async ([what, read]) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what}: no answer in ${milliseconds} ms`)), milliseconds);
      });
      try {
        await Promise.race([read(), late]);
      } catch (error) {
        throw new HttpError(503, "region_unhealthy", "The service does not have what it needs in this region", error);
      } finally {
        clearTimeout(timer);
      }
    }),
  );
}
