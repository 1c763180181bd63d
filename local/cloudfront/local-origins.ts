import type { Graph, PlannedResource } from "../../graph/model";

/**
 * Returns the graph with the app's address on this machine in every place where the plan lets its planned one in: as an origin of the
 * HTTP APIs, and as where the sign-in page returns to.
 * @param addresses  URLs of this machine by the planned ones
 */
export function withLocalOrigins(graph: Graph, addresses: ReadonlyMap<string, string>): Graph {
  if (addresses.size === 0) return graph;
  const more = (list: readonly string[] | undefined) =>
    list?.flatMap((value) => [value, ...counterparts(value, addresses)]);
  return {
    ...graph,
    resources: graph.resources.map((resource) => ({ ...resource, outputs: outputsOf(resource, more) })),
  };
}

function counterparts(value: string, addresses: ReadonlyMap<string, string>): string[] {
  return [...addresses]
    .filter(([planned]) => value === planned || value.startsWith(`${planned}/`))
    .map(([planned, local]) => `${local}${value.slice(planned.length)}`);
}

type More = (list: readonly string[] | undefined) => readonly string[] | undefined;

function outputsOf({ type, outputs }: PlannedResource, more: More): PlannedResource["outputs"] {
  if (type === "aws:cognito/userPoolClient:UserPoolClient") {
    return { ...outputs, callbackUrls: more(outputs["callbackUrls"]), logoutUrls: more(outputs["logoutUrls"]) };
  }
  const { corsConfiguration: cors } = outputs;
  if (type !== "aws:apigatewayv2/api:Api" || !cors) return outputs;
  return { ...outputs, corsConfiguration: { ...cors, allowOrigins: more(cors.allowOrigins) } };
}
