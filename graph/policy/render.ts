import { urlOf } from "../../policy/pack/catalogue";
import { rules as allRules } from "../../policy/rules";
import type { Finding } from "../document";

/** Headings of the levels, in the order in which they are printed. */
const headings: Readonly<Record<Finding["level"], string>> = {
  mandatory: "must be fixed",
  advisory: "advice",
  "not-evaluated": "not evaluated: a value is known after deployment only",
};

/** Writes findings for people: by level, then by rule with its reason and fix, and counts in the last line. */
export function renderFindings(findings: readonly Finding[]): string {
  const lines: string[] = [];
  for (const level of Object.keys(headings) as Finding["level"][]) {
    const own = findings.filter((finding) => finding.level === level);
    if (own.length === 0) continue;
    lines.push(`policy, ${headings[level]} (${own.length})`);
    for (const [policy, group] of groupBy(own)) lines.push(...renderRule(policy, group));
    lines.push("");
  }
  return [...lines, countLine(findings)].join("\n");
}

function renderRule(policy: string, findings: readonly Finding[]): string[] {
  const rule = allRules.find(({ name }) => name === policy);
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

function countLine(findings: readonly Finding[]): string {
  const count = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  return `policy: ${allRules.length} rules, ${count("mandatory")} mandatory, ${count("advisory")} advisory, ${count("not-evaluated")} not evaluated`;
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

/** Tells whether one of the findings breaks a mandatory rule. */
export function hasMandatory(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === "mandatory");
}
