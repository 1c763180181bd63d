import { planStack } from "../graph/plan";
import { readPolicyConfig } from "../graph/policy/config";
import { evaluate } from "../graph/policy/evaluate";
import { format } from "../policy/check/command";
import { readConfigFile } from "../policy/check/config-file";
import { type Evaluation, evaluateState } from "../policy/check/evaluate";
import { hasMandatory } from "../policy/check/finding";
import { readStackFile } from "../policy/check/stack-file";
import { parseStackName } from "../stacks/stack-name";
import { EXIT } from "./errors";
import { print } from "./print";

/** Options of the command `policy`. */
export interface PolicyOptions {
  /** Exported stack to check, instead of a plan. */
  readonly file?: string;
  readonly stack: string;
  /** Configuration of the pack, instead of the one of the planned environment. */
  readonly config?: string;
  readonly json?: boolean;
  readonly sarif?: boolean;
}

/** Runs the command `policy`: prints the rules of the policy pack that a plan or an exported stack breaks. */
export async function policy(options: PolicyOptions): Promise<void> {
  const evaluation = options.file === undefined ? await checkPlan(options) : await checkFile(options.file, options);
  const artifact = options.file ?? `Pulumi.${parseStackName(options.stack).environment}.yaml`;
  await print(format(evaluation, { ...options, artifact }));
  if (hasMandatory(evaluation.findings)) process.exitCode = EXIT.failure;
}

async function checkPlan({ stack, config }: PolicyOptions): Promise<Evaluation> {
  const graph = await planStack(stack);
  const configOf = config === undefined ? readPolicyConfig(parseStackName(stack).environment) : readConfigFile(config);
  return { findings: await evaluate(graph, { configOf }), known: 0 };
}

/** Checks a stack that may be of any program, so that this project's configuration applies only when it is named. */
function checkFile(file: string, { config }: PolicyOptions): Promise<Evaluation> {
  return evaluateState(readStackFile(file), config === undefined ? {} : { configOf: readConfigFile(config) });
}
