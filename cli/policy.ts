import type { Finding } from "../graph/document";
import { planStack } from "../graph/plan";
import { readPolicyConfig } from "../graph/policy/config";
import { coverageOf, renderCoverage } from "../graph/policy/coverage";
import { evaluate } from "../graph/policy/evaluate";
import { hasMandatory, renderFindings } from "../graph/policy/render";
import { renderSarif } from "../graph/policy/sarif";
import { readStackFile } from "../graph/policy/stack-file";
import { UserError } from "../graph/user-error";
import { parseStackName } from "../stacks/stack-name";
import { EXIT } from "./errors";
import { note, print } from "./print";

/** Options of the command `policy`. */
export interface PolicyOptions {
  /** Exported stack to check, instead of a plan. */
  readonly file?: string;
  readonly stack: string;
  readonly json?: boolean;
  readonly sarif?: boolean;
}

/**
 * Runs the command `policy`: prints the rules of the policy pack that a plan or an exported stack breaks, and how much
 * of it the rules looked at.
 * @throws {UserError} when the file is not an exported stack, or no rule knows any of its types
 */
export async function policy(options: PolicyOptions): Promise<void> {
  const graph = options.file === undefined ? await planStack(options.stack) : readStackFile(options.file);
  const coverage = coverageOf(graph);
  const line = renderCoverage(coverage);
  if ([...coverage.unknown.values()].reduce((sum, each) => sum + each, 0) === coverage.resources) {
    throw new UserError(`no rule knows a type of this stack, so that nothing was checked; ${line}`);
  }
  const findings = await evaluate(graph, { configOf: readPolicyConfig(environmentOf(graph.stack)) });
  if (options.json || options.sarif) await note(line);
  await print(format(findings, options, line));
  if (hasMandatory(findings)) process.exitCode = EXIT.failure;
}

function format(findings: readonly Finding[], options: PolicyOptions, coverage: string): string {
  if (options.json) return JSON.stringify(findings, null, 2);
  if (!options.sarif) return `${renderFindings(findings)}\n${coverage}`;
  const artifact = options.file ?? `Pulumi.${environmentOf(options.stack)}.yaml`;
  return JSON.stringify(renderSarif(findings, artifact), null, 2);
}

/**
 * Returns the environment of a stack. A stack of another program may have any name; one that cannot be part of a file's
 * name has no configuration here.
 */
function environmentOf(stack: string): string {
  try {
    return parseStackName(stack).environment;
  } catch {
    return /^[\w-]+$/.test(stack) ? stack : "";
  }
}
