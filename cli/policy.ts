import type { Finding } from "../graph/document";
import { planStack } from "../graph/plan";
import { readPolicyConfig } from "../graph/policy/config";
import { evaluate } from "../graph/policy/evaluate";
import { hasMandatory, renderFindings } from "../graph/policy/render";
import { renderSarif } from "../graph/policy/sarif";
import { readStackFile } from "../graph/policy/stack-file";
import { parseStackName } from "../stacks/stack-name";
import { EXIT } from "./errors";
import { print } from "./print";

/** Options of the command `policy`. */
export interface PolicyOptions {
  /** Exported stack to check, instead of a plan. */
  readonly file?: string;
  readonly stack: string;
  readonly json?: boolean;
  readonly sarif?: boolean;
}

/** Runs the command `policy`: prints the rules of the policy pack that a plan or an exported stack breaks. */
export async function policy(options: PolicyOptions): Promise<void> {
  const graph = options.file === undefined ? await planStack(options.stack) : readStackFile(options.file);
  const findings = await evaluate(graph, { configOf: readPolicyConfig(environmentOf(graph.stack)) });
  await print(format(findings, options));
  if (hasMandatory(findings)) process.exitCode = EXIT.failure;
}

function format(findings: readonly Finding[], options: PolicyOptions): string {
  if (options.json) return JSON.stringify(findings, null, 2);
  if (!options.sarif) return renderFindings(findings);
  const artifact = options.file ?? `Pulumi.${environmentOf(options.stack)}.yaml`;
  return JSON.stringify(renderSarif(findings, artifact), null, 2);
}

/** Returns the environment of a stack. A stack of another program may have any name; it has no configuration here. */
function environmentOf(stack: string): string {
  try {
    return parseStackName(stack).environment;
  } catch {
    return stack;
  }
}
