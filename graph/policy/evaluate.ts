import { coverageLine } from "../../policy/check/coverage";
import { type EvaluateOptions, evaluateState, remediateState } from "../../policy/check/evaluate";
import type { Finding } from "../../policy/check/finding";
import type { StateResource } from "../../policy/check/state";
import type { Graph, PlannedResource } from "../model";
import { toWireData } from "./encode";

export type { Finding };

/**
 * Evaluates the rules of the policy pack on a graph.
 * @returns findings, sorted by level, severity, rule and resource
 */
export async function evaluate(graph: Graph, options: EvaluateOptions = {}): Promise<readonly Finding[]> {
  return (await evaluateState(graph.resources.map(toState), options)).findings;
}

/**
 * Runs the rules that can change inputs on a resource, each rule as if its level were `remediate`.
 * @returns the changed inputs, by rule
 */
export async function remediate(resource: PlannedResource, options: EvaluateOptions = {}) {
  return remediateState(toState(resource), options);
}

/** Returns how much of a graph the rules of the policy pack look at, as a line. @throws {UserError} when it is nothing */
export function graphCoverage(graph: Graph): string {
  return coverageLine(graph.resources.map(toState));
}

/** Converts a planned resource to the form in which the engine sends it. */
function toState(resource: PlannedResource): StateResource {
  const { urn, type, name, custom, parent, provider, dependencies, propertyDependencies, protect, ignoreChanges } =
    resource;
  return {
    ...{ urn, type, name, custom, dependencies, propertyDependencies, protect, ignoreChanges },
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
    inputs: toWireData(resource.inputs),
    outputs: toWireData(resource.outputs),
  };
}
