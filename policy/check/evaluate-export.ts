import { NOT_KNOWN } from "../stack/unknown";
import { type EvaluateOptions, type Evaluation, evaluateState } from "./evaluate";
import type { StateResource } from "./state";

/**
 * Evaluates the rules on a stack that was exported, as `evaluateState` does. What a rule cannot know of it was known when it
 * was deployed: it is encrypted, or belongs to another stack.
 */
export async function evaluateExport(
  state: readonly StateResource[],
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { findings, known } = await evaluateState(state, options);
  const said = findings.map((finding) =>
    finding.level === "not-evaluated"
      ? {
          ...finding,
          message: finding.message.replace(NOT_KNOWN, "is not in the export, or encrypted there"),
        }
      : finding,
  );
  return { findings: said, known };
}
