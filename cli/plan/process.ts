import type { ChildProcess } from "node:child_process";
import type { Graph } from "../../graph/model";
import { UserError } from "../../graph/user-error";

/** What the process of cli/planner.ts answers. */
export type PlanAnswer =
  | { readonly graph: Graph }
  | { readonly failure: string /** Whether it was foreseen. */; readonly foreseen: boolean };

/**
 * Plans an environment in a process of its own, because the Pulumi SDK and the plan take memory that the platform does
 * not need, and because a process that plans does not react to signals.
 * @param planner  process of cli/planner.cjs; it has ended when the plan is there
 * @param signal  kills the process when it aborts
 * @throws {UserError} when the environment cannot be planned
 * @throws the reason of `signal` when it aborts
 */
export async function planInProcess(planner: ChildProcess, stack: string, signal: AbortSignal): Promise<Graph> {
  let stderr = "";
  planner.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-10_000);
  });
  const kill = () => planner.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    if (signal.aborted) kill();
    const answer = await new Promise<PlanAnswer | undefined>((resolve) => {
      planner.ref();
      planner.once("message", (message) => resolve(message as PlanAnswer));
      planner.once("close", () => resolve(undefined));
      // When the process has ended, "close" says so.
      planner.send(stack, () => {});
    });
    signal.throwIfAborted();
    if (answer === undefined) throw new Error(`the process that plans ${stack} ended without a plan\n${stderr}`);
    if ("graph" in answer) return answer.graph;
    throw answer.foreseen ? new UserError(answer.failure) : new Error(answer.failure);
  } finally {
    signal.removeEventListener("abort", kill);
    kill();
  }
}
