import { isInAws, layersOf, renderCounts } from "../layers";
import type { Graph } from "../model";
import { renderCopiedImages } from "./copied-images";
import { renderExperiments } from "./experiments";
import { renderFalseMoves } from "./false-moves";
import { serviceCalls } from "./service-calls";
import { type ServiceRow, serviceRows } from "./service-rows";
import { renderStandingCosts } from "./standing-costs";
import { renderTable } from "./table";

/**
 * Writes what a stack is on one screen: what it owns, its numbers by layer and region, a line per service, who calls
 * whom, what is copied from elsewhere, what costs by the hour, which experiments there are, and what moves names between regions.
 * @param availabilityPercent  that each service promises @default nothing is said of moves
 */
export function renderSummary(graph: Graph, availabilityPercent?: number): string {
  const services = serviceRows(graph);
  const moves = availabilityPercent === undefined ? [] : renderFalseMoves(graph, availabilityPercent);
  const notes = [
    ...renderCalls(graph),
    ...renderCopiedImages(graph),
    ...renderStandingCosts(graph),
    ...renderExperiments(graph),
    ...moves,
  ];
  return [
    title(graph),
    "",
    ...renderCounts(graph),
    ...(services.length > 0 ? ["", ...renderServices(services)] : []),
    ...(notes.length > 0 ? ["", ...notes] : []),
  ].join("\n");
}

function title({ stack, resources }: Graph): string {
  const owned = resources.filter((resource) => isInAws(resource) && resource.region !== undefined);
  const cells = resources.filter(({ type }) => type === "platform:region:RegionCell").map(({ name }) => name);
  // What belongs to CloudFront is in a region that has no cell: the table has it.
  const all = owned.map(({ region }) => region!).filter((region) => cells.length === 0 || cells.includes(region));
  const regions = [...new Set(all)].sort();
  const kept = owned.filter(({ protect }) => protect).length;
  return `${stack} owns ${listed(layersOf(owned, resources))} in ${listed(regions)}: ${owned.length} resources, ${kept} protected`;
}

/** Writes words as a list in a sentence. */
export function listed(words: readonly string[]): string {
  if (words.length === 0) return "nothing";
  return words.length < 3 ? words.join(" and ") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function renderCalls(graph: Graph): string[] {
  const calls = serviceCalls(graph).map(({ caller, callees }) => `${caller} calls ${listed(callees)}`);
  return calls.length > 0 ? [`through the private API: ${calls.join("; ")}`] : [];
}

function renderServices(rows: readonly ServiceRow[]): string[] {
  const regions = rows.some(({ regions: own }) => own !== "");
  const columns = ["service", "pattern", "reached through", "servers", "routes", ...(regions ? ["regions"] : [])];
  return renderTable([
    columns,
    ...rows.map(({ service, pattern, reach, servers, routes, regions: own }) =>
      [service, pattern, reach, servers, routes, own].slice(0, columns.length),
    ),
  ]);
}
