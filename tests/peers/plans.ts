import type { Graph } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { type Rendering, renderCloudFormation } from "./cloudformation/render";

const graphs = new Map<string, Promise<Graph>>();

/** The environment as one stack, planned once. */
export function planOf(environment: "dev" | "prod"): Promise<Graph> {
  const graph = graphs.get(environment) ?? planStack(environment);
  graphs.set(environment, graph);
  return graph;
}

export async function renderingOf(environment: "dev" | "prod"): Promise<Rendering> {
  return renderCloudFormation(await planOf(environment));
}
