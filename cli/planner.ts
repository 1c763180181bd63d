import { withAccountPolicies } from "../graph/account-policies";
import { planStack } from "../graph/plan";
import { foreseen, UserError } from "../graph/user-error";
import { parseStackName } from "../stacks/stack-name";
import type { PlanAnswer } from "./plan/process";

/** Plans a whole environment, for the process that runs it: with all parts that cost nothing on this machine. */
export async function answerOf(stack: string): Promise<PlanAnswer> {
  try {
    const { environment, layer, region } = parseStackName(stack);
    if (layer !== undefined || region !== undefined) {
      throw new UserError(`--stack must name a whole environment, got "${stack}"; try ${environment}`);
    }
    return { graph: await withAccountPolicies(await planStack(stack, { everything: true })) };
  } catch (thrown) {
    const error = foreseen(thrown);
    if (error instanceof UserError) return { failure: error.message, foreseen: true };
    return { failure: error instanceof Error ? (error.stack ?? String(error)) : String(error), foreseen: false };
  }
}
