import { type Layer, layerNames, roomsOfLayer } from "../stacks/stack-name";
import type { Graph, PlannedResource } from "./model";

/** Layer of each room of type tokens. */
const layerOfRoom = new Map(layerNames.flatMap((layer) => roomsOfLayer[layer].map((room) => [room, layer] as const)));

/** Writes the plan for people: a tree of the resources, then their numbers by layer and region. */
export function renderPlan(graph: Graph): string {
  return [...renderTree(graph), "", ...renderCounts(graph)].join("\n");
}

function renderTree(graph: Graph): string[] {
  const children = new Map<string | undefined, PlannedResource[]>();
  for (const resource of graph.resources) {
    const siblings = children.get(resource.parent);
    if (siblings) siblings.push(resource);
    else children.set(resource.parent, [resource]);
  }
  const lines: string[] = [];
  const visit = (resource: PlannedResource, prefix: string, last: boolean, top: boolean) => {
    lines.push(`${prefix}${top ? "" : last ? "└─ " : "├─ "}${describe(resource)}`);
    const below = children.get(resource.urn) ?? [];
    const indent = top ? "" : `${prefix}${last ? "   " : "│  "}`;
    for (const [i, child] of below.entries()) visit(child, indent, i === below.length - 1, false);
  };
  for (const root of children.get(undefined) ?? []) visit(root, "", true, true);
  return lines;
}

function describe({ name, type, protect }: PlannedResource): string {
  return `${name}  ${shortType(type)}${protect ? "  [protected]" : ""}`;
}

/** Shortens a type token as the CLI does: `aws:ec2/securityGroup:SecurityGroup` becomes `aws:ec2:SecurityGroup`. */
function shortType(type: string): string {
  return type.replace(/\/[^:]+/, "");
}

/** Writes a table of the numbers of resources in AWS: a row per layer, a column per region. */
function renderCounts(graph: Graph): string[] {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const counts = new Map<string, Map<string, number>>();
  const regions = new Set<string>();
  for (const resource of graph.resources) {
    if (!(resource.custom || resource.remote) || resource.region === undefined) continue;
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
    title.padEnd(10) + [...values, sum(values)].map((value) => String(value).padStart(14)).join("");
  return [
    "resources".padEnd(10) + [...columns, "total"].map((column) => column.padStart(14)).join(""),
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

/** Returns the layer of a resource: that of the outermost component below the region cell. */
function layerOf(resource: PlannedResource, byUrn: ReadonlyMap<string, PlannedResource>): Layer {
  let layer: Layer = "compute";
  for (let at: PlannedResource | undefined = resource; at; at = at.parent ? byUrn.get(at.parent) : undefined) {
    const room = /^platform:([a-z]+):/.exec(at.type)?.[1];
    layer = layerOfRoom.get(room ?? "") ?? layer;
  }
  return layer;
}
