import { urlOf } from "../../policy/core/catalogue";
import { rules as allRules } from "../../policy/rules";
import type { Finding } from "../document";

const headings: Readonly<Record<Finding["level"], string>> = {
  mandatory: "must be mended",
  advisory: "advice",
  "not-evaluated": "not evaluated: a value is known after deployment only",
};

/** Findings for people: by level, then rule, with the reason and the mend once; ends with a line of counts. */
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
  const mend = rule ? `; ${rule.mend}` : "";
  const [first] = findings;
  return [
    `  ${policy}  ${first?.severity}  x${findings.length}`,
    ...(rule ? [`    why:  ${rule.why}`, `    mend: ${rule.mend} (${urlOf(rule)})`] : []),
    ...findings.map(({ message, urn }) => `    - ${subject(message, urn).replace(mend, "")}`),
  ];
}

/** A message on a resource names it; one that was not evaluated does not. */
function subject(message: string, urn: string): string {
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

export function hasMandatory(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === "mandatory");
}
