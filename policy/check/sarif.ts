import { tagsOf, urlOf } from "../pack/catalogue";
import type { RuleFacts } from "../pack/rule";
import { factsByName } from "./facts";
import type { Finding } from "./finding";

/** Severities as numbers from 0 to 10, as code hosts read `security-severity`. */
const rank = { critical: "9.5", high: "8.0", medium: "5.5", low: "3.0" } as const;
const levels = { mandatory: "error", advisory: "warning", "not-evaluated": "note", waived: "note" } as const;

/**
 * Writes findings as a SARIF document, which code hosts show as annotations in code reviews. A waived finding is a
 * suppressed one there.
 * @param artifact  file that the findings are shown at, relative to the repository: `Pulumi.prod.yaml`
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function renderSarif(findings: readonly Finding[], artifact: string): object {
  const used = [...factsByName.values()].filter(({ name }) => findings.some(({ policy }) => policy === name));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "platform-policy", rules: used.map(describe) } },
        results: findings.map(({ policy, level, message, urn }) => ({
          ruleId: policy,
          ruleIndex: used.findIndex(({ name }) => name === policy),
          level: levels[level],
          message: { text: message },
          locations: [
            {
              physicalLocation: { artifactLocation: { uri: artifact }, region: { startLine: 1 } },
              logicalLocations: [{ fullyQualifiedName: urn, kind: "resource" }],
            },
          ],
          ...(level === "waived" ? { suppressions: [{ kind: "external", status: "accepted" }] } : {}),
          // Lets a code host recognise the same finding in a later run.
          partialFingerprints: { resource: `${policy} ${urn}` },
        })),
      },
    ],
  };
}

function describe(rule: RuleFacts) {
  return {
    id: rule.name,
    shortDescription: { text: rule.description },
    fullDescription: { text: rule.rationale },
    help: { text: `${rule.fix[0]?.toUpperCase()}${rule.fix.slice(1)}.` },
    helpUri: urlOf(rule),
    defaultConfiguration: { level: rule.level === "advisory" ? "warning" : "error" },
    properties: {
      tags: tagsOf(rule),
      "security-severity": rank[rule.severity],
      "cdk-nag": rule.ids.cdkNag ?? [],
      checkov: rule.ids.checkov ?? [],
    },
  };
}
