import type { Graph, PlannedResource } from "../../../graph/model";

/** Takes a property, an element or a statement out. */
export const REMOVE = Symbol("remove");
/** Takes the last element of a list out. */
export const DROP = Symbol("drop");
/** Takes the resource out of the program. */
export const DELETE = "(the resource)";

/** A value to put there, or what to make of the value that is there; undefined: nothing to break here. */
export type Break = string | number | boolean | symbol | object | ((value: any, resource: PlannedResource) => unknown);

export interface Mutant {
  readonly urn: string;
  readonly name: string;
  readonly type: string;
  /** `healthCheck.path`; behind a `#` inside a JSON text. */
  readonly path: string;
  /** What it was changed to. */
  readonly to: string;
  readonly graph: Graph;
}

/** Every mutant that a break makes of a resource; a `*` in the path stands for each element. */
export function mutantsOf(graph: Graph, resource: PlannedResource, pattern: string, change: Break): Mutant[] {
  const describe = (path: string, to: unknown, changed: Graph): Mutant => {
    const shown = typeof to === "symbol" ? String(to.description) : (JSON.stringify(to) ?? "").slice(0, 60);
    return { urn: resource.urn, name: resource.name, type: resource.type, path, to: shown, graph: changed };
  };
  if (pattern === DELETE) {
    const left = graph.resources.filter(({ urn }) => urn !== resource.urn);
    return [describe(DELETE, REMOVE, { ...graph, resources: left })];
  }
  const [outer = "", inner] = pattern.split("#");
  return expand(resource.inputs, outer).flatMap((path) => {
    const steps = path.split(".");
    const before = get(resource.inputs, steps);
    const document = inner === undefined ? undefined : parse(before);
    if (inner !== undefined && document === undefined) return [];
    const places = inner === undefined ? [""] : expand(document, inner);
    return places.flatMap((place) => {
      const within = place.split(".");
      const old = inner === undefined ? before : get(document, within);
      const next =
        typeof change === "function"
          ? (change as (value: any, one: PlannedResource) => unknown)(old, resource)
          : change;
      const made = next === DROP ? old?.slice(0, -1) : next;
      if (made === undefined || JSON.stringify(made) === JSON.stringify(old) || (made === REMOVE && old === undefined))
        return [];
      const value = inner === undefined ? made : JSON.stringify(put(document, within, made));
      return [describe(inner === undefined ? path : `${path}#${place}`, next, replace(graph, resource, steps, value))];
    });
  });
}

function replace(graph: Graph, resource: PlannedResource, steps: readonly string[], value: unknown): Graph {
  const inputs = put(resource.inputs, steps, value);
  const [top = ""] = steps;
  const { [top]: _, ...outputs } = resource.outputs;
  const gone = !(top in inputs);
  const changed: PlannedResource = {
    ...resource,
    inputs,
    outputs,
    // A property that is not set was made from nothing.
    propertyDependencies: gone ? { ...resource.propertyDependencies, [top]: [] } : resource.propertyDependencies,
  };
  return { ...graph, resources: graph.resources.map((one) => (one === resource ? changed : one)) };
}

/** Paths that a pattern means; one that leads to nothing yet is itself, so that a break may add a property. */
function expand(value: any, pattern: string): string[] {
  let paths = [""];
  for (const step of pattern.split(".")) {
    paths = paths.flatMap((path) => {
      const holder = path === "" ? value : get(value, path.split("."));
      if (step !== "*") return [path === "" ? step : `${path}.${step}`];
      return Array.isArray(holder) ? holder.map((_, i) => (path === "" ? `${i}` : `${path}.${i}`)) : [];
    });
  }
  return paths;
}

function get(value: any, steps: readonly string[]): any {
  return steps.reduce((from, step) => (Array.isArray(from) ? from[at(from, step)] : from?.[step]), value);
}

/** Elements of a list go by index, or by their `name` as settings and variables do. */
function at(items: readonly any[], step: string): number {
  return /^\d+$/.test(step) ? Number(step) : items.findIndex((item) => item?.name === step);
}

function put(holder: any, [step = "", ...rest]: readonly string[], value: unknown): any {
  const key = Array.isArray(holder) ? at(holder, step) : step;
  const next = rest.length === 0 ? value : put(holder?.[key] ?? {}, rest, value);
  if (Array.isArray(holder))
    return next === REMOVE ? holder.filter((_, i) => i !== key) : holder.map((item, i) => (i === key ? next : item));
  const { [key]: _, ...others } = holder;
  return next === REMOVE ? others : { ...holder, [key]: next };
}

function parse(value: unknown): any {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}
