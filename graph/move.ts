import type { Graph } from "./model";

/**
 * What a stack takes over when it is split off another, as `pulumi state move` wants it: the URNs, in that other stack,
 * of what hangs below the regions' cells. Cells and providers are every stack's own.
 */
export function movedUrns(graph: Graph, source: string): string[] {
  const cells = new Set(
    graph.resources.filter(({ type }) => type === "platform:region:RegionCell").map(({ urn }) => urn),
  );
  const own = `urn:pulumi:${graph.stack}::`;
  return graph.resources
    .filter(({ parent }) => parent !== undefined && cells.has(parent))
    .map(({ urn }) => urn.replace(own, `urn:pulumi:${source}::`));
}
