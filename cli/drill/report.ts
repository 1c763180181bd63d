import { seconds } from "./format";
import type { Operation, Violation } from "./history/operation";
import type { Measured } from "./measure";
import type { PlannedDetection } from "./planned";

/** What a drill does. */
export const drillKinds = ["instance", "zone", "region", "dependency", "deploy"] as const;
/** What a drill does. */
export type DrillKind = (typeof drillKinds)[number];

/** What a drill did, and what came of it. Times are milliseconds of this machine. */
export interface DrillReport extends Measured {
  readonly drill: { readonly kind: DrillKind; readonly how: string; readonly place: string };
  readonly stack: string;
  readonly timeScale: number;
  /** Requests a second. */
  readonly rate: number;
  /** How long the fault lasted, or the release took. */
  readonly faultMs: number;
  /** From the fault to the moment at which the platform has taken what fails out of service. */
  readonly detection: { readonly measuredMs?: number; readonly planned?: PlannedDetection };
  /** From the end of the fault to the moment at which all planned servers are healthy and the primary region answers. */
  readonly recovery: { readonly measuredMs?: number; readonly planned?: PlannedDetection };
  readonly services: readonly ServiceRow[];
  readonly writes: { readonly acknowledged: number; readonly unknown: number; readonly keys: number };
  readonly violations: readonly Violation[];
  /** Time in which a lost region must have recovered for all clients, and what it took with the addresses that they keep. */
  readonly target?: { readonly declaredMs: number; readonly tookMs: number };
  /** Why the drill failed, in sentences. */
  readonly problems: readonly string[];
  readonly ok: boolean;
}

/** What clients saw of one service. */
export interface ServiceRow {
  readonly service: string;
  readonly pattern: string;
  readonly requests: number;
  readonly failed: number;
  readonly failuresStoppedMs: number;
  readonly planned?: PlannedDetection;
  /** Failures by arithmetic: the rate, the share of servers that fail, and the time until they are found. */
  readonly expectedFailures?: { readonly median: number; readonly most: number };
}

/** Writes a report for people. */
export function renderReport(report: DrillReport): string {
  const { drill, detection, recovery, writes, violations, problems, target } = report;
  const statuses = Object.entries(report.byStatus).map(([status, count]) => `${count} ${status}`);
  const rows: [string, string, string][] = [
    ["", "measured", "planned"],
    ["requests", `${report.requests} at ${report.rate} a second`, ""],
    ["failed", `${report.failed}${statuses.length > 0 ? ` (${statuses.join(", ")})` : ""}`, expected(report)],
    ["longest outage", seconds(report.longestOutageMs), ""],
    ...(detection.planned === undefined && detection.measuredMs === undefined
      ? []
      : [["found after", shown(detection.measuredMs), planned(detection.planned)] as [string, string, string]]),
    ["failures stopped after", seconds(report.failuresStoppedMs), planned(detection.planned)],
    ["whole again after", shown(recovery.measuredMs), planned(recovery.planned)],
    ...(target === undefined
      ? []
      : [
          ["for all clients", seconds(target.tookMs), `${seconds(target.declaredMs)} at most`] as [
            string,
            string,
            string,
          ],
        ]),
    ["writes", `${writes.acknowledged} acknowledged, ${writes.unknown} unknown, ${writes.keys} items`, "none lost"],
  ];
  return [
    `${drill.kind} ${drill.place}, ${drill.how}: ${report.stack}, time ${report.timeScale} times as fast`,
    ...table(rows),
    "",
    ...table([
      ["service", "pattern", "requests", "failed", "stopped after", "planned at most", "expected failures"],
      ...report.services.map((row) => [
        ...[row.service, row.pattern, String(row.requests), String(row.failed), seconds(row.failuresStoppedMs)],
        row.planned === undefined ? "-" : seconds(row.planned.worstMs),
        row.expectedFailures === undefined
          ? "-"
          : `${row.expectedFailures.median}, ${row.expectedFailures.most} at most`,
      ]),
    ]),
    ...(report.throttled > 0
      ? ["", `${report.throttled} requests were refused by a limit: ask for a lower --rate`]
      : []),
    ...violations.flatMap(({ key, what, history }) => ["", `${key}: ${what}`, ...history.map(renderOperation)]),
    "",
    ...(problems.length === 0 ? ["ok"] : problems.map((each) => `FAILED: ${each}`)),
  ].join("\n");
}

/** Writes one operation of a history as a line. */
export function renderOperation({ kind, value, start, end }: Operation): string {
  const until = end === undefined ? "no answer" : `${end.toFixed(1)} ms`;
  return `  ${start.toFixed(1).padStart(9)} ms to ${until.padStart(12)}  ${kind} ${value === 0 ? "nothing" : value}`;
}

function expected({ services }: DrillReport): string {
  const known = services.flatMap(({ expectedFailures }) => expectedFailures ?? []);
  if (known.length === 0) return "";
  const sum = (of: "median" | "most") => known.reduce((total, each) => total + each[of], 0);
  return `${sum("median")}, ${sum("most")} at most`;
}

function planned(detection: PlannedDetection | undefined): string {
  if (detection === undefined) return "";
  return `${seconds(detection.medianMs)}, ${seconds(detection.worstMs)} at most, by ${detection.by}`;
}

function shown(milliseconds: number | undefined): string {
  return milliseconds === undefined ? "not in time" : seconds(milliseconds);
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}
