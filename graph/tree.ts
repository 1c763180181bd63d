import type { Graph, PlannedResource } from "./model";

/** Writes the resources of a plan for people, as a tree: a line per resource, below that of its parent. */
export function renderTree(graph: Graph): string[] {
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
export function shortType(type: string): string {
  return type.replace(/\/[^:]+/, "");
}
