import { urlOf } from "../../policy/core/catalogue";
import { rules as allRules } from "../../policy/rules";
import type { Finding } from "../document";
import { oneLine } from "../printable";

/** Headings of the levels, in the order in which they are printed. */
const headings: Readonly<Record<Finding["level"], string>> = {
  mandatory: "must be fixed",
  advisory: "advice",
  "not-evaluated": "not evaluated: a value is known after deployment only",
};

/** Writes findings for people: by level, then by rule with its reason and fix, and counts in the last line. */
export function renderFindings(findings: readonly Finding[]): string {
  const levels = Object.keys(headings) as Finding["level"][];
  return [
    ...levels.flatMap((level) =>
      renderLevel(
        level,
        findings.filter((finding) => finding.level === level),
      ),
    ),
    countLine(findings),
  ].join("\n");
}

/** Severities, the worst first. */
const severities: readonly Finding["severity"][] = ["critical", "high", "medium", "low"];

/** Writes the mandatory findings whole and the numbers of the others by severity, for a plan on one screen. */
export function renderFindingCounts(findings: readonly Finding[]): string {
  const of = (level: Finding["level"]) => findings.filter((finding) => finding.level === level);
  const mandatory = of("mandatory");
  const count = (level: Finding["level"]) => {
    const bySeverity = severities
      .map((severity) => ({ severity, count: of(level).filter((finding) => finding.severity === severity).length }))
      .filter(({ count: number }) => number > 0)
      .map(({ severity, count: number }) => `${number} ${severity}`);
    return bySeverity.length === 0 ? "" : ` (${bySeverity.join(", ")})`;
  };
  const counts = [
    `${mandatory.length} mandatory${count("mandatory")}`,
    `${of("advisory").length} advisory${count("advisory")}`,
    `${of("not-evaluated").length} not evaluated`,
  ];
  return [
    ...renderLevel("mandatory", mandatory),
    `policy: ${allRules.length} rules, ${counts.join(", ")}${findings.length > mandatory.length ? "; --findings shows all" : ""}`,
  ].join("\n");
}

function renderLevel(level: Finding["level"], findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const rules = [...groupBy(findings)].flatMap(([policy, group]) => renderRule(policy, group));
  return [`policy, ${headings[level]} (${findings.length})`, ...rules, ""];
}

function renderRule(policy: string, findings: readonly Finding[]): string[] {
  const rule = allRules.find(({ name }) => name === policy);
  // `mend` is the name of the field in the policy pack.
  const { mend: fix } = rule ?? {};
  const [first] = findings;
  return [
    `  ${policy}  ${first?.severity}  x${findings.length}`,
    ...(rule ? [`    why:  ${rule.why}`, `    fix:  ${fix} (${urlOf(rule)})`] : []),
    ...findings.map(({ message, urn }) => `    - ${oneLine(withSubject(message, urn).replace(`; ${fix}`, ""))}`),
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
