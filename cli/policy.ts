import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { planStack } from "../graph/plan";
import { policyDocument, readPolicyConfig } from "../graph/policy/config";
import { evaluate, graphCoverage } from "../graph/policy/evaluate";
import { UserError } from "../graph/user-error";
import { format } from "../policy/check/command";
import { readConfigFile } from "../policy/check/config-file";
import { coverageLine } from "../policy/check/coverage";
import type { Evaluation } from "../policy/check/evaluate";
import { evaluateExport } from "../policy/check/evaluate-export";
import { hasMandatory } from "../policy/check/finding";
import { readStackFile } from "../policy/check/stack-file";
import { parseStackName } from "../stacks/stack-name";
import { EXIT } from "./errors";
import { note, print } from "./print";

/** Options of the command `policy`. */
export interface PolicyOptions {
  /** Exported stack to check, instead of a plan. */
  readonly file?: string;
  readonly stack: string;
  /** Configuration of the pack, instead of the one of the planned environment. */
  readonly config?: string;
  readonly json?: boolean;
  readonly sarif?: boolean;
  /** List every finding, and not one for each cause. */
  readonly each?: boolean;
  /** File for the environment's configuration of the pack, in place of a check. */
  readonly writeConfig?: string;
}

/**
 * Runs the command `policy`: prints the rules of the policy pack that a plan or an exported stack breaks, and how much
 * of it the rules looked at.
 * @throws {UserError} when the file is not an exported stack, or no rule knows any of its types
 */
export async function policy(options: PolicyOptions): Promise<void> {
  if (options.writeConfig !== undefined) return writeConfig(options.stack, options.writeConfig);
  const { coverage, evaluation } =
    options.file === undefined ? await checkPlan(options) : await checkFile(options.file, options);
  const artifact = options.file ?? `Pulumi.${parseStackName(options.stack).environment}.yaml`;
  if (options.json || options.sarif) await note(coverage);
  await print(format(evaluation, { ...options, artifact, coverage }));
  if (hasMandatory(evaluation.findings)) process.exitCode = EXIT.failure;
}

/** Writes the configuration with which a plan of the stack is checked, for `pulumi preview --policy-pack-config`. */
async function writeConfig(stack: string, file: string): Promise<void> {
  const document = policyDocument(parseStackName(stack).environment);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    throw new UserError(
      `--write-config must name a file that can be written, got ${file}: ${(error as Error).message}; name another place`,
    );
  }
}

/** What was found, and how much of the stack was looked at. */
interface Check {
  readonly coverage: string;
  readonly evaluation: Evaluation;
}

async function checkPlan({ stack, config }: PolicyOptions): Promise<Check> {
  const graph = await planStack(stack);
  const configOf = config === undefined ? readPolicyConfig(parseStackName(stack).environment) : readConfigFile(config);
  return { coverage: graphCoverage(graph), evaluation: { findings: await evaluate(graph, { configOf }), known: 0 } };
}

/** Checks a stack that may be of any program, so that this project's configuration applies only when it is named. */
async function checkFile(file: string, { config }: PolicyOptions): Promise<Check> {
  const state = readStackFile(file);
  const options = config === undefined ? {} : { configOf: readConfigFile(config) };
  return { coverage: coverageLine(state), evaluation: await evaluateExport(state, options) };
}
