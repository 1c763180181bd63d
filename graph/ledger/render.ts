import { renderTable } from "../summary/table";
import { keyOf } from "./accepted";
import { type Ledger, notAccepted, outside } from "./ledger";
import { isInside, type LedgerEntry } from "./need";

/** Writes the ledger as one table, with its sources, and what is outside the region below it. */
export function renderLedger(ledger: Ledger): string {
  const sources = [...new Set(ledger.entries.map(({ source }) => source))].sort();
  const rows = merged(ledger.entries).map(({ entry, regions }) => [
    entry.purpose,
    entry.service,
    entry.call,
    entry.plane,
    placeOf(entry),
    regions.join(", "),
    `[${sources.indexOf(entry.source) + 1}]`,
  ]);
  const count = ledger.entries.length;
  return [
    `${ledger.stack} needs ${count} call${count === 1 ? "" : "s"} of services, by purpose and region`,
    "",
    ...renderTable([["to", "service", "call", "plane", "answered by", "needed in", "source"], ...rows]),
    "",
    ...sources.map((source, index) => `[${index + 1}] ${source}`),
    "",
    ...renderOutside(ledger),
  ].join("\n");
}

/** Writes what is needed to serve and fail over outside the region, with the reason or as a problem. */
export function renderOutside(ledger: Ledger): string[] {
  const found = merged(outside(ledger.entries));
  const reasons = found.flatMap(({ entry, regions }) => [
    `${entry.purpose} in ${regions.join(" and ")}: ${entry.service}, ${entry.call}, answered by ${entry.answeredBy.name}`,
    entry.accepted === undefined
      ? `  NOT ACCEPTED (${entry.resources.slice(0, 3).join(", ")}); move it into the region, or accept it: platform:outside has "${keyOf(entry)}" with the reason`
      : `  accepted: ${entry.accepted}`,
  ]);
  return [
    found.length === 0
      ? "to serve and to fail over, nothing outside the region is needed"
      : "outside the region, to serve and to fail over:",
    ...reasons,
    ...ledger.unknownTypes.map(
      (type) => `NOT KNOWN: the ledger has no service for ${type}; add it to graph/ledger/services.ts`,
    ),
    resultOf(ledger),
  ];
}

/** One line: whether the gate is passed. */
function resultOf(ledger: Ledger): string {
  const count = merged(notAccepted(ledger)).length + ledger.unknownTypes.length;
  return count === 0
    ? "ledger: passed, nothing outside the region that no reason is given for"
    : `ledger: ${count} not accepted`;
}

/** Tells whether the gate is passed. */
export function passes(ledger: Ledger): boolean {
  return notAccepted(ledger).length === 0 && ledger.unknownTypes.length === 0;
}

function placeOf({ answeredBy, region }: LedgerEntry): string {
  return isInside(answeredBy, region) ? "its own region" : answeredBy.name;
}

/** Joins entries that differ by their region only. */
function merged(entries: readonly LedgerEntry[]): { entry: LedgerEntry; regions: string[] }[] {
  const groups = new Map<string, { entry: LedgerEntry; regions: string[] }>();
  for (const entry of entries) {
    const { purpose, service, call, plane, accepted } = entry;
    const key = JSON.stringify([purpose, service, call, plane, placeOf(entry), accepted]);
    const group = groups.get(key) ?? { entry, regions: [] };
    group.regions.push(entry.region);
    groups.set(key, group);
  }
  return [...groups.values()];
}
