import type { Graph, PlannedResource } from "./model";
import type { Finding } from "./policy/evaluate";

/** The JSON document that `plan --json` prints. It is the same for the same program on every machine. */
interface PlanDocument {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly DocumentResource[];
  readonly outputs: Graph["outputs"];
  readonly policy: readonly Finding[];
}

/** A resource in the document; fields without a value are null. */
type DocumentResource = Pick<
  PlannedResource,
  "urn" | "type" | "name" | "custom" | "remote" | "inputs" | "dependencies" | "protect" | "ignoreChanges"
> & { readonly parent: string | null; readonly region: string | null; readonly provider: string | null };

/** Returns the document that `plan --json` prints. @param policy  violations of the policy pack */
export function planDocument(graph: Graph, policy: readonly Finding[] = []): PlanDocument {
  return {
    project: graph.project,
    stack: graph.stack,
    resources: graph.resources.map((resource) => ({
      urn: resource.urn,
      type: resource.type,
      name: resource.name,
      parent: resource.parent ?? null,
      custom: resource.custom,
      remote: resource.remote,
      inputs: resource.inputs,
      region: resource.region ?? null,
      provider: resource.provider ?? null,
      dependencies: resource.dependencies,
      protect: resource.protect,
      ignoreChanges: resource.ignoreChanges,
    })),
    outputs: graph.outputs,
    policy,
  };
}
