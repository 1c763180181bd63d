import { urlOf } from "../pack/catalogue";
import { partsOf } from "../pack/run";
import { rules as allRules } from "../rules";
import { factsByName } from "./facts";
import { type Finding, SEVERITIES } from "./finding";
import { oneLine } from "./printable";

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
  const levels = Object.keys(headings) as Finding["level"][];
  return [...levels.flatMap((level) => renderLevel(level, atLevel(findings, level))), countLine(findings, known)].join(
    "\n",
  );
}

/** Writes the mandatory findings whole and the numbers of the others by severity, for a plan on one screen. */
export function renderFindingCounts(findings: readonly Finding[]): string {
  const count = (level: "mandatory" | "advisory") => {
    const own = atLevel(findings, level);
    const bySeverity = SEVERITIES.map((severity) => [
      own.filter((each) => each.severity === severity).length,
      severity,
    ]);
    const counted = bySeverity.filter(([number]) => number !== 0).map(([number, severity]) => `${number} ${severity}`);
    return `${own.length} ${level}${counted.length === 0 ? "" : ` (${counted.join(", ")})`}`;
  };
  const mandatory = atLevel(findings, "mandatory");
  const counts = [count("mandatory"), count("advisory"), `${atLevel(findings, "not-evaluated").length} not evaluated`];
  return [
    ...renderLevel("mandatory", mandatory),
    `policy: ${allRules.length} rules, ${counts.join(", ")}${findings.length > mandatory.length ? "; --findings shows all" : ""}`,
  ].join("\n");
}

function atLevel(findings: readonly Finding[], level: Finding["level"]): readonly Finding[] {
  return findings.filter((finding) => finding.level === level);
}

function renderLevel(level: Finding["level"], findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const rules = [...groupBy(findings)].flatMap(([policy, group]) => renderRule(policy, group));
  return [`policy, ${headings[level]} (${findings.length})`, ...rules, ""];
}

function renderRule(policy: string, findings: readonly Finding[]): string[] {
  const rule = factsByName.get(policy);
  const [first] = findings;
  const fix = fixOf(findings) || rule?.fix;
  return [
    `  ${policy}  ${first?.severity}  x${findings.length}`,
    ...(rule ? [`    why:  ${rule.rationale}`, `    fix:  ${fix} (${urlOf(rule)})`] : []),
    ...findings.map(({ message, urn }) => `    - ${oneLine(withSubject(message, urn).replace(`; ${fix}`, ""))}`),
  ];
}

/** The fix of all findings, where they have the same. */
function fixOf(findings: readonly Finding[]): string | undefined {
  const [fix, ...others] = new Set(findings.map(({ message }) => partsOf(message)[1]));
  return others.length === 0 ? fix : undefined;
}

/** Returns a message that names its resource: most messages do, those of rules that were not evaluated do not. */
function withSubject(message: string, urn: string): string {
  return message.startsWith("Not evaluated") ? `${urn.slice(urn.lastIndexOf("::") + 2)}: ${message}` : message;
}

function countLine(findings: readonly Finding[], known: number): string {
  const count = (level: Finding["level"]) => atLevel(findings, level).length;
  const parts = [
    `${allRules.length} rules`,
    `${count("mandatory")} mandatory`,
    `${count("advisory")} advisory`,
    `${count("not-evaluated")} not evaluated`,
    ...(count("waived") === 0 ? [] : [`${count("waived")} waived`]),
    ...(known === 0 ? [] : [`${known} known from the baseline`]),
  ];
  const covered = findings.reduce((sum, { covers = [] }) => sum + covers.length, 0);
  const all = covered === 0 ? "" : `; by cause, policy --each lists all ${findings.length + covered}`;
  return `policy: ${parts.join(", ")}${all}`;
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
