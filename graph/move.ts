import type { Graph } from "./model";

/**
 * Returns the URNs that `pulumi state move` must move when a stack is split off another one: those of the resources
 * directly below the region cells, as they are named in the other stack. Each stack has its own cells and providers.
 * @param graph  plan of the new stack
 * @param source  name of the stack that it is split off
 */
export function urnsToMove(graph: Graph, source: string): string[] {
  const cells = new Set(
    graph.resources.filter(({ type }) => type === "platform:region:RegionCell").map(({ urn }) => urn),
  );
  const own = `urn:pulumi:${graph.stack}::`;
  return graph.resources
    .filter(({ parent }) => parent !== undefined && cells.has(parent))
    .map(({ urn }) => urn.replace(own, `urn:pulumi:${source}::`));
}
