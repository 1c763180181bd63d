import { planDocument } from "../graph/document";
import { urnsToMove } from "../graph/move";
import { planStack } from "../graph/plan";
import { readPolicyConfig } from "../graph/policy/config";
import { evaluate } from "../graph/policy/evaluate";
import { renderPlan } from "../graph/tree";
import { hasMandatory } from "../policy/check/finding";
import { renderFindings } from "../policy/check/render";
import { parseStackName } from "../stacks/stack-name";
import { EXIT } from "./errors";
import { print } from "./print";

/** Options of the command `plan`. */
export interface PlanCommandOptions {
  /** Print one JSON document. */
  readonly json?: boolean;
  /** Stack that the planned stack is split off; prints the URNs to move instead of the plan. */
  readonly movedFrom?: string;
}

/** Runs the command `plan`: prints the plan of a stack and the rules of the policy pack that it breaks. */
export async function plan(stack: string, options: PlanCommandOptions): Promise<void> {
  const graph = await planStack(stack);
  if (options.movedFrom) return print(urnsToMove(graph, options.movedFrom).join("\n"));
  const findings = await evaluate(graph, { configOf: readPolicyConfig(parseStackName(stack).environment) });
  await print(
    options.json
      ? JSON.stringify(planDocument(graph, findings), null, 2)
      : `${renderPlan(graph)}\n\n${renderFindings(findings)}`,
  );
  if (hasMandatory(findings)) process.exitCode = EXIT.failure;
}
