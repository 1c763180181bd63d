/** Seconds that counts are kept for. */
export const keptSeconds = 300;
/** Upper bounds of the latencies that are counted together, in milliseconds: each a quarter above the one before. */
const bounds = Array.from({ length: 44 }, (_, i) => 1.25 ** i);

/** What a service of a region was asked in a second: `[second since the epoch, requests, failures, median, p99]` in ms. */
export type Second = readonly [second: number, requests: number, failures: number, p50: number, p99: number];

/** What a service of a region was asked in a time. */
export interface Counts {
  readonly requests: number;
  /** Answers of 500 and above, and requests without a whole answer. */
  readonly failures: number;
  /** Milliseconds; 0 without requests. They are at most a quarter too high. */
  readonly p50: number;
  readonly p99: number;
}

/** Counts of a service in a region. */
export interface Series {
  readonly region: string;
  /** Empty for requests that led to no service. */
  readonly service: string;
  readonly lastMinute: Counts;
  readonly seconds: readonly Second[];
}

/** A request that is counted. */
export interface CountedRequest {
  readonly region: string;
  readonly service: string;
  /** 0 without a whole answer. */
  readonly status: number;
  readonly milliseconds: number;
}

/** Counts the requests of each service in each region by the second. */
export class Traffic {
  private readonly series = new Map<string, Ring>();

  /** @param now  milliseconds since the epoch */
  constructor(private readonly now: () => number = Date.now) {}

  record({ region, service, status, milliseconds }: CountedRequest): void {
    const key = `${region} ${service}`;
    let ring = this.series.get(key);
    if (ring === undefined) {
      ring = new Ring(region, service);
      this.series.set(key, ring);
    }
    ring.add(Math.floor(this.now() / 1_000), status === 0 || status >= 500, milliseconds);
  }

  /** Returns the counts of each service, with its seconds from one on. The second that still runs is left out. */
  since(second: number): Series[] {
    const end = Math.floor(this.now() / 1_000);
    return [...this.series.values()]
      .map((ring) => ({
        region: ring.region,
        service: ring.service,
        lastMinute: ring.total(end - 60, end),
        seconds: ring.between(Math.max(second, end - keptSeconds + 1), end),
      }))
      .sort((a, b) => (a.region + a.service < b.region + b.service ? -1 : 1));
  }
}

/** Words of a second: its number, requests, failures, and a count for each latency. */
const words = 3 + bounds.length;

/** The counts of one service in one region, in a place for each second that is taken again. */
class Ring {
  private readonly counts = new Uint32Array(keptSeconds * words);

  constructor(
    readonly region: string,
    readonly service: string,
  ) {}

  add(second: number, failed: boolean, milliseconds: number): void {
    const { counts } = this;
    const at = (second % keptSeconds) * words;
    if (counts[at] !== second) counts.fill(0, at, at + words)[at] = second;
    counts[at + 1]!++;
    if (failed) counts[at + 2]!++;
    counts[at + 3 + bucketOf(milliseconds)]!++;
  }

  /** @param end  excluded */
  between(from: number, end: number): Second[] {
    const seconds: Second[] = [];
    for (let second = from; second < end; second++) {
      const { requests, failures, p50, p99 } = this.total(second, second + 1);
      if (requests > 0) seconds.push([second, requests, failures, p50, p99]);
    }
    return seconds;
  }

  /** @param end  excluded */
  total(from: number, end: number): Counts {
    const sum = new Uint32Array(words);
    for (let second = from; second < end; second++) {
      const at = (second % keptSeconds) * words;
      if (this.counts[at] === second) for (let i = 1; i < words; i++) sum[i]! += this.counts[at + i]!;
    }
    const [, requests = 0, failures = 0, ...latencies] = sum;
    return { requests, failures, p50: quantile(latencies, requests, 0.5), p99: quantile(latencies, requests, 0.99) };
  }
}

function bucketOf(milliseconds: number): number {
  if (milliseconds <= 1) return 0;
  return Math.min(Math.ceil(Math.log(milliseconds) / Math.log(1.25)), bounds.length - 1);
}

/** Returns the upper bound of the latency that a share of the requests stays within. */
function quantile(latencies: readonly number[], requests: number, share: number): number {
  let left = Math.ceil(requests * share);
  if (left === 0) return 0;
  const bucket = latencies.findIndex((count) => {
    left -= count;
    return left <= 0;
  });
  return Math.round(bounds[bucket]! * 10) / 10;
}
