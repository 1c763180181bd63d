/** How many tenants send how much, and for how long. */
export interface BenchSize {
  readonly tenants: number;
  /** Those of them that send 50 times what their tier admits, in the loaded run only. */
  readonly over: number;
  /** Requests per second of all other tenants, in both runs. */
  readonly othersRate: number;
  /** Of one run. */
  readonly seconds: number;
  /** Least part of the planned requests per second that must have been sent, so that the load was the planned one. */
  readonly leastSent: number;
}

/** Name of the REST API. */
export const host = "rest.api.dev.example.com";
/** The route that is asked, and the planned origin that it leads to. */
export const route = {
  service: "shipping",
  id: "get-rates",
  path: "/shipping/rates",
  origin: "https://legacy.example.com",
};
/** The tier of every tenant. */
export const tier = { name: "bench", rate: 0.2, burst: 5 };
/** How many times their rate the tenants over it send. */
export const times = 50;
/** Share of the other tenants' requests that come from tenants close to their rate, and how close these are. */
export const closeShare = 0.4;
export const closeRate = 0.9 * tier.rate;

/** A request of a tenant, by its number; the last `over` ones are over their tier. */
export interface Arrival {
  readonly tenant: number;
  /** Milliseconds from the start of the run. */
  readonly at: number;
}

/**
 * Returns the requests of the tenants that stay within their tier: some send 0.9 of their rate, as a bucket that loses
 * tokens would refuse them first, the others an equal part of the rest. Each sends at equal distances.
 */
export function othersArrivals({ tenants, over, othersRate, seconds }: BenchSize): Arrival[] {
  const others = tenants - over;
  const close = Math.min(Math.floor((closeShare * othersRate) / closeRate), Math.floor(others / 2));
  const restRate = Math.max(0, othersRate - close * closeRate) / (others - close);
  if (restRate > closeRate) throw new Error(`${others} tenants cannot send ${othersRate} requests/s within their tier`);
  return inOrder([...evenly(0, close, closeRate, seconds), ...evenly(close, others - close, restRate, seconds)]);
}

/** Returns the requests of the tenants that send 50 times their rate. */
export function overArrivals({ tenants, over, seconds }: BenchSize): Arrival[] {
  return evenly(tenants - over, over, times * tier.rate, seconds);
}

/** Returns requests in the order in which they are due. */
export function inOrder(arrivals: readonly Arrival[]): Arrival[] {
  return [...arrivals].sort((a, b) => a.at - b.at);
}

/** Requests of `count` tenants, each at `rate`, the tenants one after the other within each interval. */
function evenly(first: number, count: number, rate: number, seconds: number): Arrival[] {
  const total = Math.floor(count * rate * seconds);
  return Array.from({ length: total }, (_, i) => ({ tenant: first + (i % count), at: (i * 1_000) / (count * rate) }));
}
