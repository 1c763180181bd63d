import { type Layer, layerNames, roomsOfLayer } from "../stacks/stack-name";
import type { Graph, PlannedResource } from "./model";

export { layerNames } from "../stacks/stack-name";

/** Layer of each room of type tokens. */
const layerOfRoom = new Map(layerNames.flatMap((layer) => roomsOfLayer[layer].map((room) => [room, layer] as const)));

/** The fields of a resource that say which layer it is in. */
export type Placed = Pick<PlannedResource, "urn" | "type" | "name" | "parent" | "inputs">;

/** Returns the layer of a resource: that of the outermost component below the region cell. */
export function layerOf(resource: Placed, byUrn: ReadonlyMap<string, Placed>): Layer {
  let layer: Layer = "compute";
  for (let at: Placed | undefined = resource; at; at = at.parent ? byUrn.get(at.parent) : undefined) {
    const room = /^platform:([a-z]+):/.exec(at.type)?.[1];
    layer = layerOfRoom.get(room ?? "") ?? layer;
  }
  return layer;
}

/** Returns the layers that resources are in, in the order of layers. @param all  the resources and those above them */
export function layersOf(resources: readonly Placed[], all: readonly Placed[]): Layer[] {
  const byUrn = new Map(all.map((resource) => [resource.urn, resource]));
  const layers = new Set(resources.map((resource) => layerOf(resource, byUrn)));
  return layerNames.filter((layer) => layers.has(layer));
}

/** Tells whether a resource exists in AWS, where components, providers and the stack itself do not. */
export function isInAws(resource: Pick<PlannedResource, "type" | "custom" | "remote">): boolean {
  return (resource.custom || resource.remote) && !resource.type.startsWith("pulumi:");
}

/** Writes a table of the numbers of resources in AWS: a row per layer, a column per region. */
export function renderCounts(graph: Graph): string[] {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const counts = new Map<string, Map<string, number>>();
  const regions = new Set<string>();
  for (const resource of graph.resources) {
    if (!isInAws(resource) || resource.region === undefined) continue;
    const layer = layerOf(resource, byUrn);
    regions.add(resource.region);
    const row = counts.get(layer) ?? new Map<string, number>();
    row.set(resource.region, (row.get(resource.region) ?? 0) + 1);
    counts.set(layer, row);
  }
  const columns = [...regions].sort();
  const layers = layerNames.filter((layer) => counts.has(layer));
  const cell = (layer: string, region: string) => counts.get(layer)?.get(region) ?? 0;
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const row = (title: string, values: number[]) =>
    title.padEnd(10) + [...values, sum(values)].map((value) => String(value).padStart(16)).join("");
  return [
    "resources".padEnd(10) + [...columns, "total"].map((column) => column.padStart(16)).join(""),
    ...layers.map((layer) =>
      row(
        layer,
        columns.map((region) => cell(layer, region)),
      ),
    ),
    row(
      "total",
      columns.map((region) => sum(layers.map((layer) => cell(layer, region)))),
    ),
  ];
}
