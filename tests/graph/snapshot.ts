import type { Graph } from "../../graph/model";

/** What stands for every resource of a plan in a review: `type name`, sorted. */
export function snapshotLines(graph: Graph): string[] {
  return graph.resources.map(({ type, name }) => `${type} ${name}`).sort();
}
