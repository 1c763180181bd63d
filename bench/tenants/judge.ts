import type { Outcome, Outcomes } from "./client";
import { tier } from "./settings";

/** Body of the answer to a request over its tier. */
const refusal = JSON.stringify({ code: "throttled", message: "Too Many Requests" });
/** Most percent that the admitted requests may differ from the token bucket's. */
export const mostPercent = 2;

/** The figures of a group of tenants in a run. */
export interface Figures {
  readonly sent: number;
  /** Requests per second. */
  readonly rate: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Milliseconds from the moment a request was due to the end of its answer. */
  readonly p50: number;
  readonly p99: number;
}

/** What the token bucket gives the tenants over their tier, and what they were given. */
export interface Admitted {
  readonly expected: number;
  readonly admitted: number;
  /** How much more was admitted than expected. */
  readonly percent: number;
  /** Most that one tenant's requests differ from its bucket. */
  readonly most: number;
}

/** Returns the figures of a group whose requests were to be sent in so many seconds. */
export function figuresOf(requests: readonly Outcome[], seconds: number): Figures {
  const byStatus: Record<string, number> = {};
  for (const { status } of requests) byStatus[status || "failed"] = (byStatus[status || "failed"] ?? 0) + 1;
  const sorted = requests.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  // A client or a gateway that does not keep up sends the last ones later than planned.
  const took = requests.reduce((latest, { sentAt }) => Math.max(latest, sentAt / 1_000), seconds);
  return { sent: requests.length, rate: requests.length / took, byStatus, p50: at(0.5), p99: at(0.99) };
}

/**
 * Compares what tenants were admitted with a token bucket that is full at their first request: its burst, and the whole
 * tokens that it gets until their last one.
 */
export function admittedOf(requests: readonly Outcome[]): Admitted {
  const byTenant = new Map<number, Outcome[]>();
  // A request without an answer may never have reached the gateway.
  for (const request of requests.filter(({ status }) => status !== 0))
    byTenant.set(request.tenant, [...(byTenant.get(request.tenant) ?? []), request]);
  const each = [...byTenant.values()].map((own) => {
    const times = own.map(({ sentAt }) => sentAt);
    const span = (Math.max(...times) - Math.min(...times)) / 1_000;
    const expected = Math.min(own.length, Math.floor(tier.burst + tier.rate * span));
    return { expected, admitted: own.filter(({ status }) => status === 200).length };
  });
  const sum = (key: "expected" | "admitted") => each.reduce((total, of) => total + of[key], 0);
  return {
    expected: sum("expected"),
    admitted: sum("admitted"),
    percent: (100 * sum("admitted")) / sum("expected") - 100,
    most: Math.max(0, ...each.map(({ expected, admitted }) => Math.abs(expected - admitted))),
  };
}

/** Returns what is wrong with a run of tenants that stay within their tier. */
export function othersProblems(run: string, { byStatus }: Figures): string[] {
  const others = Object.entries(byStatus).filter(([status]) => status !== "200");
  return others.map(([status, count]) => `${run}: ${count} requests within their tier were answered ${status}`);
}

/** Returns what is wrong with the requests of the tenants over their tier. */
export function overProblems(
  { byStatus }: Figures,
  { expected, admitted, percent, most }: Admitted,
  refusals: Outcomes["refusals"],
): string[] {
  const strange = Object.keys(byStatus).filter((status) => status !== "200" && status !== "429");
  return [
    ...strange.map((status) => `${byStatus[status]} requests over their tier were answered ${status}, not 429`),
    ...(Math.abs(percent) <= mostPercent
      ? []
      : [`admitted ${admitted}, ${percent.toFixed(1)} % off the bucket's ${expected}`]),
    ...(most <= 1 ? [] : [`a tenant was admitted ${most} requests more or less than its bucket has`]),
    ...(refusals.length === 1 && refusals[0] === refusal ? [] : [`429 has the bodies ${refusals.join(" ") || "none"}`]),
  ];
}

/** Returns that a load was less than planned. */
export function loadProblems(run: string, { rate }: Figures, planned: number, leastSent: number): string[] {
  if (rate >= leastSent * planned) return [];
  return [
    `${run}: ${rate.toFixed(0)} of ${planned.toFixed(0)} requests/s were sent; use a machine that does less else`,
  ];
}
