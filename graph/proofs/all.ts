import { capacityProofs } from "./capacity";
import { failoverProofs } from "./failover";
import { identityProofs } from "./identity";
import { moveProofs } from "./moves";
import type { Proof, ProofContext, Shown } from "./proof";
import { regionProofs } from "./regions";
import { requestProofs } from "./requests";

/** Every proof, in the order of statements. */
export const proofs: readonly Proof[] = [
  ...failoverProofs,
  ...moveProofs,
  ...requestProofs,
  ...capacityProofs,
  ...regionProofs,
  ...identityProofs,
].sort((a, b) => a.statement - b.statement);

/** What a plan shows of one statement. */
export interface ProofResult extends Required<Shown> {
  readonly statement: number;
  readonly claim: string;
  /** `absent`: the stack has nothing that the statement is about. */
  readonly result: "proven" | "broken" | "absent";
}

/** Evaluates every proof on a plan; a finding of a rule that checks a part of a statement breaks it. */
export function prove(plan: ProofContext): ProofResult[] {
  return proofs.map(({ statement, claim, rules = [], show }) => {
    const shown = show(plan);
    if (shown === undefined) return { statement, claim, result: "absent", evidence: [], broken: [], open: [] };
    const { evidence } = shown;
    const open = [...(shown.open ?? []), ...plan.foundBy(rules, "advisory").map((each) => `advice: ${each}`)];
    const broken = [...shown.broken, ...plan.foundBy(rules, "mandatory")];
    return { statement, claim, result: broken.length === 0 ? "proven" : "broken", evidence, broken, open };
  });
}

/** One line: how many statements a plan proves. */
export function countProofs(results: readonly ProofResult[]): string {
  const of = (result: ProofResult["result"]) => results.filter((each) => each.result === result);
  const broken = of("broken").map(({ statement }) => statement);
  const open = of("proven").filter((each) => each.open.length > 0).length;
  return [
    `proofs: ${of("proven").length} of ${results.length - of("absent").length} statements proven`,
    ...(open > 0 ? [`${open} of them in part`] : []),
    ...(broken.length > 0 ? [`broken: ${broken.join(", ")}`] : []),
  ].join(", ");
}

/** Writes every statement with what shows it, contradicts it, and what no plan can show. */
export function renderProofs(results: readonly ProofResult[]): string[] {
  return results.flatMap(({ statement, claim, result, evidence, broken, open }) => [
    `${String(statement).padStart(2)}  ${result.padEnd(7)} ${claim}`,
    ...broken.map((each) => `    BROKEN: ${each}`),
    ...evidence.map((each) => `    ${each}`),
    ...open.map((each) => (each.startsWith("advice: ") ? `    ${each}` : `    not shown by a plan: ${each}`)),
  ]);
}
