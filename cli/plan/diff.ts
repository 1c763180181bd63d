import { statSync } from "node:fs";
import { parseBaseline, readBaseline } from "../../graph/diff/baseline";
import { compare } from "../../graph/diff/compare";
import type { Difference } from "../../graph/diff/difference";
import { preformatted, renderMarkdown } from "../../graph/diff/markdown";
import { renderDifference } from "../../graph/diff/render";
import type { Graph } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { projectRoot } from "../../graph/project-root";
import { planRevision } from "./revision";

/**
 * Plans a stack and compares it with another plan, an exported stack or the program at a git revision.
 * @param other  a file, or else a revision
 * @throws {PlanError | CommandError} one sentence, when there is no such file or revision, or it is of another stack
 */
export async function planDifference(
  stack: string,
  other: string,
): Promise<{ readonly graph: Graph; readonly difference: Difference }> {
  if (statSync(other, { throwIfNoEntry: false })?.isFile()) {
    const graph = await planStack(stack);
    return { graph, difference: compare(readBaseline(other, graph), graph) };
  }
  // Both plans at once: each uses one core.
  const [{ from, document, otherPackages }, graph] = await Promise.all([
    planRevision(projectRoot, stack, other),
    planStack(stack),
  ]);
  const difference = compare(parseBaseline(document, from, graph), graph);
  const packages = `what other packages change: ${from} asks for others, and was planned with the installed ones`;
  return {
    graph,
    difference: otherPackages ? { ...difference, notKnown: [...difference.notKnown, packages] } : difference,
  };
}

/** Writes a difference and the findings of the plan as text or as Markdown. */
export function formatDifference(difference: Difference, findings: string, markdown: boolean): string {
  return markdown
    ? `${renderMarkdown(difference)}\n\n${preformatted(findings)}`
    : `${renderDifference(difference)}\n\n${findings}`;
}
