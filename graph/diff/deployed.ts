import { type Export, readExport } from "../../policy/check/stack-file";
import type { StateResource } from "../../policy/check/state";
import { toPlainData } from "../capture/wire";
import type { Graph, PlannedResource } from "../model";

/**
 * Reads the stack in an export as a plan has it.
 * @param from  where the export is from, for messages
 * @throws {UserError} one sentence, when a resource is none, or there is none
 */
export function readDeployed(from: string, document: Export): Graph {
  const states = readExport(from, document);
  const [, stack = "", project = ""] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(states[0]?.urn ?? "") ?? [];
  return withPlaces({ project, stack, resources: states.map(toPlanned), outputs: {} });
}

function toPlanned({ external: _, custom = true, inputs, outputs, ...state }: StateResource): PlannedResource {
  return {
    ...state,
    custom,
    remote: false,
    inputs: toPlainData(inputs, "hidden"),
    outputs: toPlainData(outputs, "hidden"),
  };
}

/** Adds what the state does not say as a plan does: the region of each resource, and which components are of awsx. */
function withPlaces(graph: Graph): Graph {
  const regions = new Map(
    graph.resources
      .filter(({ type }) => type === "pulumi:providers:aws")
      .map(({ urn, inputs }) => [urn, inputs["region"] as string | undefined]),
  );
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  return {
    ...graph,
    resources: graph.resources.map((resource) => {
      const remote = !resource.custom && resource.type.startsWith("awsx:");
      const isPlaced = remote || resource.type.startsWith("docker-build:");
      const region = regions.get(resource.provider ?? "") ?? (isPlaced ? regionAbove(resource, byUrn) : undefined);
      return { ...resource, remote, ...(region === undefined ? {} : { region }) };
    }),
  };
}

/** A component of awsx has no provider in the state, and a copy of an image none with a region: its region is that of the cell above it. */
function regionAbove(resource: PlannedResource, byUrn: ReadonlyMap<string, PlannedResource>): string | undefined {
  for (let at: PlannedResource | undefined = resource; at; at = at.parent ? byUrn.get(at.parent) : undefined) {
    if (at.type === "platform:region:RegionCell") return at.name;
  }
  return undefined;
}
