import type { Graph, PlannedResource } from "./model";

/** A rule of the policy pack that a resource, or the stack, breaks. */
export interface Finding {
  readonly policy: string;
  /** `not-evaluated`: the rule met a value that only the deployment can tell. */
  readonly level: "advisory" | "mandatory" | "not-evaluated";
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly urn: string;
  readonly message: string;
}

/** What `plan --json` prints; the same for equal programs, whatever machine runs them. */
export interface PlanDocument {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly DocumentResource[];
  readonly outputs: Graph["outputs"];
  readonly policy: readonly Finding[];
}

export type DocumentResource = Pick<
  PlannedResource,
  "urn" | "type" | "name" | "custom" | "remote" | "inputs" | "dependencies" | "protect" | "ignoreChanges"
> & { readonly parent: string | null; readonly region: string | null; readonly provider: string | null };

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
