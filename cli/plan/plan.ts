import { AccessMatrix } from "../../graph/access/matrix";
import { renderAccess } from "../../graph/access/render";
import { planDocument } from "../../graph/document";
import { renderCounts } from "../../graph/layers";
import type { Graph } from "../../graph/model";
import { urnsToMove } from "../../graph/move";
import { planStack } from "../../graph/plan";
import { readPolicyConfig } from "../../graph/policy/config";
import { evaluate } from "../../graph/policy/evaluate";
import { countProofs } from "../../graph/proofs/all";
import { renderSummary } from "../../graph/summary/summary";
import { renderTree } from "../../graph/tree";
import { byCause } from "../../policy/check/causes";
import { type Finding, hasMandatory } from "../../policy/check/finding";
import { renderFindingCounts, renderFindings } from "../../policy/check/render";
import { parseStackName } from "../../stacks/stack-name";
import { EXIT } from "../errors";
import { print } from "../print";
import { proofsOf, renderPlanProofs } from "./proofs";

/** Options of the command `plan`. Without any, it prints one screen. */
export interface PlanCommandOptions {
  /** Print every resource, as a tree. */
  readonly tree?: boolean;
  /** Print every finding of the policy pack, with its reason and fix. */
  readonly findings?: boolean;
  /** Print who may call what, instead of the plan. */
  readonly access?: boolean;
  /** Print one JSON document. */
  readonly json?: boolean;
  /** File or git revision to compare with; prints the difference instead of the plan. */
  readonly diff?: string;
  /** Print the difference as Markdown. */
  readonly markdown?: boolean;
  /** Stack that the planned stack is split off; prints the URNs to move instead of the plan. */
  readonly movedFrom?: string;
  /** Print the ledger instead of the plan: every call that is needed, and who answers it. */
  readonly ledger?: boolean;
  /** Fail when the ledger has something outside the region without a reason. */
  readonly gate?: boolean;
  /** Print what the plan proves of each statement instead of the plan. */
  readonly proofs?: boolean;
}

/** Runs the command `plan`: prints the plan of a stack and the rules of the policy pack that it breaks. */
export async function plan(stack: string, options: PlanCommandOptions): Promise<void> {
  if (options.diff !== undefined) return printDifference(stack, options.diff, options.markdown === true);
  const graph = await planStack(stack);
  if (options.access) return printAccess(graph, options.json === true);
  if (options.ledger) return (await import("./ledger.js")).printLedger(graph, options);
  if (options.movedFrom) return print(urnsToMove(graph, options.movedFrom).join("\n"));
  const findings = await findingsOf(graph);
  const proofs = proofsOf(graph, findings);
  if (options.proofs) await print(options.json ? JSON.stringify(proofs, null, 2) : renderPlanProofs(proofs));
  else {
    const text = () => `${render(graph, findings, options)}\n${countProofs(proofs.results)}; --proofs shows all`;
    await print(options.json ? JSON.stringify(planDocument(graph, findings), null, 2) : text());
  }
  if (hasMandatory(findings) || proofs.fails) process.exitCode = EXIT.failure;
}

async function printAccess(graph: Graph, json: boolean): Promise<void> {
  const matrix = new AccessMatrix(graph);
  await print(json ? JSON.stringify(matrix, null, 2) : renderAccess(matrix));
}

async function printDifference(stack: string, other: string, markdown: boolean): Promise<void> {
  const { formatDifference, planDifference } = await import("./diff.js");
  const { graph, difference } = await planDifference(stack, other);
  const findings = await findingsOf(graph);
  await print(formatDifference(difference, renderFindingCounts(byCause(findings)), markdown));
  if (hasMandatory(findings)) process.exitCode = EXIT.failure;
}

function findingsOf(graph: Graph): Promise<readonly Finding[]> {
  return evaluate(graph, { configOf: readPolicyConfig(parseStackName(graph.stack).environment) });
}

function render(graph: Graph, findings: readonly Finding[], options: PlanCommandOptions): string {
  if (!options.tree && !options.findings) {
    const { percent } = readPolicyConfig(parseStackName(graph.stack).environment)("availability-target");
    return `${renderSummary(graph, percent as number)}\n\n${renderFindingCounts(byCause(findings))}`;
  }
  return [
    ...(options.tree ? [...renderTree(graph), "", ...renderCounts(graph), ""] : []),
    options.findings ? renderFindings(byCause(findings)) : renderFindingCounts(byCause(findings)),
  ].join("\n");
}
