import { type Fleet, fleetsOf, leftWithout } from "./fleets";
import type { ProofContext } from "./proof";

/** What then happens to requests. */
export const consequences = ["serve all", "shed by tier", "shed", "fail over"] as const;
/** What then happens to requests. */
export type Consequence = (typeof consequences)[number];

/** What is left of a service in a region when all zones but one are lost. */
export interface ZonesLost extends Pick<Fleet, "service" | "pattern" | "region" | "zones" | "least"> {
  readonly left: number;
  /** What is left of what the peak needs, or of the warm environments of a function, in percent; 100 at most. */
  readonly percent?: number;
  readonly consequence: Consequence;
  /** Why, in one sentence. */
  readonly because: string;
}

type Row = ZonesLost & { readonly checkFails: boolean };

/**
 * Computes what is left of each service in each region when all zones but one are lost and nothing can be started, and
 * what then happens.
 */
export function zonesLost(plan: ProofContext): ZonesLost[] {
  const rows = fleetsOf(plan)
    .filter(({ zones }) => zones > 1)
    .map((fleet) => rowOf(plan, fleet));
  return rows.map((row) => {
    const { checkFails, ...own } = moved(plan, row, rows);
    return own;
  });
}

/** A region that a check says is ill is left by every name that this check decides for, and so by every service. */
function moved(plan: ProofContext, row: Row, rows: readonly Row[]): Row {
  const ill = new Set(
    rows.filter(({ region, checkFails }) => checkFails && region === row.region).map(({ service }) => service),
  );
  const leaves = plan
    .failoverRecords()
    .filter((record) => record.region === row.region && !plan.isHealthy(record, ill))
    .filter(({ inputs }) => plan.facts.names[String(inputs["name"])]?.services.includes(row.service));
  if (ill.size === 0 || leaves.length === 0 || plan.regions.length < 2) return row;
  const why = row.checkFails
    ? row.because
    : `the check of ${[...ill].join(" and ")} fails, and it decides for the whole name`;
  return row.region === plan.regions[0]
    ? { ...row, consequence: "fail over", because: `${why}: clients are sent to ${plan.regions[1]}` }
    : { ...row, because: `${why}: clients stay with ${plan.regions[0]}, also when it is ill` };
}

function rowOf(plan: ProofContext, fleet: Fleet): Row {
  const { service, pattern, region, zones, least, routesToAllBelow = 0 } = fleet;
  const left = leftWithout(zones - 1, least, zones);
  const needed = pattern === "lambda" ? least : (plan.facts.peaks[service] ?? 1);
  const percent = needed === 0 ? undefined : Math.min(100, Math.floor((100 * left) / needed));
  const own = { service, pattern, region, zones, least, left, ...(percent === undefined ? {} : { percent }) };
  if (percent !== undefined && percent >= 100) {
    return { ...own, checkFails: false, consequence: "serve all", because: "what is left carries the peak" };
  }
  if (pattern !== "lambda" && left < Math.max(1, routesToAllBelow)) {
    const because =
      left === 0
        ? "nothing is left"
        : `fewer than ${routesToAllBelow} healthy targets make the balancer send to all ${least}, ${least - left} of which are lost`;
    return { ...own, checkFails: checkersAgreeing(left / least) < 0.18, consequence: "shed", because };
  }
  const tiers = plan.of("aws:apigateway/usagePlan:UsagePlan", region).length;
  const because = pattern === "lambda" ? functionsLeft(fleet, left) : serversLeft(plan, service, left);
  if (tiers <= 1) return { ...own, checkFails: false, consequence: "shed", because };
  return {
    ...own,
    checkFails: false,
    consequence: "shed by tier",
    because: `${because}; ${tiers} usage plans limit each tier`,
  };
}

/**
 * Returns the share of Route 53's health checkers that find an endpoint healthy of which a share of requests succeeds: each
 * turns after three results in a row. An endpoint is ill when they are 18 % or fewer.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export function checkersAgreeing(succeeding: number): number {
  const [up, down] = [succeeding ** 3, (1 - succeeding) ** 3];
  return up / (up + down);
}

function functionsLeft({ most }: Fleet, left: number): string {
  const limit = most === undefined ? "the account's limit" : `${most} executions`;
  return `${left} warm environments are left; others start in the zone that is left if Lambda can, and what exceeds ${limit} is refused with 429`;
}

function serversLeft({ facts }: ProofContext, service: string, left: number): string {
  const each = facts.requestsPerServer[service];
  const rate = each === undefined ? "" : `, for ${left * each} requests a second`;
  return `${left} server${left === 1 ? " is" : "s are"} left${rate}; what exceeds it waits, and fails at its deadline`;
}

/** Writes what is left as lines of a table. */
export function renderZonesLost(rows: readonly ZonesLost[]): string[] {
  if (rows.length === 0) return [];
  const merged = new Map<string, { row: ZonesLost; regions: string[] }>();
  for (const row of rows) {
    const key = JSON.stringify({ ...row, region: "" });
    const group = merged.get(key) ?? { row, regions: [] };
    group.regions.push(row.region);
    merged.set(key, group);
  }
  const cells = [
    ["service", "pattern", "servers", "left", "share", "then", "in"],
    ...[...merged.values()].map(({ row, regions }) => [
      ...[row.service, row.pattern, `${row.least} over ${row.zones} zones`, String(row.left), shareOf(row)],
      ...[row.consequence, regions.join(", ")],
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  return [
    "all zones of a region but one are lost, and nothing can be started:",
    ...cells.map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    ),
    ...[...merged.values()].map(({ row, regions }) => `${row.service} in ${regions.join(" and ")}: ${row.because}`),
  ];
}

/** Writes the share of the peak, or of the warm environments, that is left. */
function shareOf({ percent, pattern }: ZonesLost): string {
  if (percent === undefined) return "none is kept";
  return `${percent} % of ${pattern === "lambda" ? "the warm ones" : "the peak"}`;
}
