import { urlOf } from "../pack/catalogue";
import { rules as allRules } from "../rules";
import { factsByName } from "./facts";
import type { Finding } from "./finding";

/** Headings of the levels, in the order in which they are printed. */
const headings: Readonly<Record<Finding["level"], string>> = {
  mandatory: "must be fixed",
  advisory: "advice",
  "not-evaluated": "not evaluated: a value is known after deployment only",
  waived: "waived",
};

/**
 * Writes findings for people: by level, then by rule with its reason and fix, and counts in the last line.
 * @param known  findings of the baseline, which are counted only
 */
export function renderFindings(findings: readonly Finding[], known = 0): string {
  const lines: string[] = [];
  for (const level of Object.keys(headings) as Finding["level"][]) {
    const own = findings.filter((finding) => finding.level === level);
    if (own.length === 0) continue;
    lines.push(`policy, ${headings[level]} (${own.length})`);
    for (const [policy, group] of groupBy(own)) lines.push(...renderRule(policy, group));
    lines.push("");
  }
  return [...lines, countLine(findings, known)].join("\n");
}

function renderRule(policy: string, findings: readonly Finding[]): string[] {
  const rule = factsByName.get(policy);
  const { fix } = rule ?? {};
  const [first] = findings;
  return [
    `  ${policy}  ${first?.severity}  x${findings.length}`,
    ...(rule ? [`    why:  ${rule.rationale}`, `    fix:  ${fix} (${urlOf(rule)})`] : []),
    ...findings.map(({ message, urn }) => `    - ${withSubject(message, urn).replace(`; ${fix}`, "")}`),
  ];
}

/** Returns a message that names its resource: most messages do, those of rules that were not evaluated do not. */
function withSubject(message: string, urn: string): string {
  return message.startsWith("Not evaluated") ? `${urn.slice(urn.lastIndexOf("::") + 2)}: ${message}` : message;
}

function countLine(findings: readonly Finding[], known: number): string {
  const count = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  const parts = [
    `${allRules.length} rules`,
    `${count("mandatory")} mandatory`,
    `${count("advisory")} advisory`,
    `${count("not-evaluated")} not evaluated`,
    ...(count("waived") === 0 ? [] : [`${count("waived")} waived`]),
    ...(known === 0 ? [] : [`${known} known from the baseline`]),
  ];
  return `policy: ${parts.join(", ")}`;
}

function groupBy(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.policy);
    if (group) group.push(finding);
    else groups.set(finding.policy, [finding]);
  }
  return groups;
}
