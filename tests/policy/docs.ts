import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import type { Finding } from "../../policy/check/finding";
import { urlOf } from "../../policy/pack/catalogue";
import type { Rule } from "../../policy/pack/rule";
import { rules } from "../../policy/rules";
import { advice } from "./advice";

export interface DesignSight {
  readonly name: string;
  readonly fault: string;
  /** Rules that speak of it and not of its sound twin. */
  readonly rules: readonly string[];
}

export interface DocumentFacts {
  readonly findings: Readonly<Record<"dev" | "prod", readonly Finding[]>>;
  readonly sights: readonly DesignSight[];
}

const levels = {
  mandatory: "mandatory",
  production: "mandatory in production, advice elsewhere",
  advisory: "advice",
} as const;

/** @returns docs/policy.md */
export function policyDocument({ findings, sights }: DocumentFacts): string {
  return [
    intro,
    "## What the plans show",
    "",
    "No mandatory finding in `dev` and `prod`. What the pack advises against and the program keeps:",
    "",
    ...adviceTables(findings),
    "## What other checkers find",
    "",
    "The production plan, rendered as CloudFormation, goes through cdk-nag and the guard rules of Control Tower in `npm test`.",
    "Each of their findings stands in [peers.md](peers.md) with its answer, fixed or refused and why; one without an answer",
    "fails the test.",
    "",
    "## Designs that are not available",
    "",
    "The designs of [peers.md](peers.md), each with one fault: what this pack says of it and not of its sound twin.",
    "",
    ...table(
      ["design", "what happens", "rules"],
      sights.map(({ name, fault, rules: seen }) => [name, fault, seen.map(code).join(", ")]),
    ),
    "",
    "## Rules",
    "",
    "F: AWS Foundational Security Best Practices. N: cdk-nag. K: checkov. A: the availability rules of this pack.",
    "",
    ...folders().flatMap(ruleTable),
  ].join("\n");
}

const code = (text: string) => `\`${text}\``;

const intro = `# Policy

${rules.length} rules that any Pulumi program on AWS can be judged by: security as the known catalogues have it, and availability,
which none of them has. They read inputs, so that they speak at preview. What only the deployment can tell is reported as
"not evaluated", never passed in silence.

| where | how |
| --- | --- |
| with the plan | \`npm run plan -- prod\`: findings below the tree, in \`policy\` of \`--json\`; exit code 1 on a mandatory one |
| alone | \`npm run policy -- --stack prod\`, with \`--json\`, or \`--sarif\` for annotations in code review |
| on a deployed stack | \`pulumi stack export > stack.json\`, then \`npm run policy -- --file stack.json\` |
| in the engine | \`pulumi preview --policy-pack policy --policy-pack-config policy/config.prod.json\` |

Levels go by environment: production is a stack whose name has \`prod\`, \`production\` or \`live\` as a word. In the pack's
configuration each rule takes \`environment\`, a level for \`dev\` and for \`prod\` (\`advisory\`, \`mandatory\`, \`disabled\`), the
engine's own \`enforcementLevel\`, and the settings listed with it. With \`enforcementLevel\` \`remediate\`, the rules that can
mend (${rules
  .filter((rule) => rule.scope === "resource" && rule.remediate)
  .map(({ name }) => code(name))
  .join(", ")}) do.
One rule, \`image-release-age\`, depends on the day it runs, unless its setting \`today\` names another: the findings of two days
may differ in it.
\`policy/config.<environment>.json\` is what this project sets: its public routes, peaks and promises.

This file is generated: \`UPDATE_DOCS=1 npx mocha tests/policy/program.spec.ts\`. The test fails when it is stale and when a piece
of advice has no answer.
`;

function adviceTables(findings: DocumentFacts["findings"]): string[] {
  return (["prod", "dev"] as const).flatMap((environment) => {
    const count = (rule: string) => findings[environment].filter(({ policy }) => policy === rule).length;
    return [
      `### ${environment}`,
      "",
      ...table(
        ["rule", "findings", "why it stays"],
        Object.entries(advice[environment]).map(([rule, why]) => [code(rule), String(count(rule)), why]),
      ),
      "",
    ];
  });
}

/** Rules by the folder they are in. */
function folders(): { name: string; rules: Rule[] }[] {
  const root = join(projectRoot, "policy/rules");
  const names = readdirSync(root, { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map(({ name }) => name);
  return names.sort().map((name) => {
    const files = readdirSync(join(root, name)).map((file) => file.replace(/\.ts$/, ""));
    return { name, rules: rules.filter((rule) => files.includes(rule.name)) };
  });
}

function ruleTable({ name, rules: own }: { name: string; rules: Rule[] }): string[] {
  const sorted =
    name === "availability" ? [...own].sort((a, b) => (a.ids.availability ?? 0) - (b.ids.availability ?? 0)) : own;
  return [
    `### ${name}`,
    "",
    ...table(
      ["rule", "what holds, and why", "severity, level", "ids", "mend", "settings"],
      sorted.map((rule) => [
        `[${rule.name}](${urlOf(rule)})`,
        `${rule.description} ${rule.rationale}`,
        `${rule.severity}, ${levels[rule.level]}`,
        ids(rule),
        rule.fix,
        Object.entries(rule.settings ?? {})
          .map(
            ([key, { description, default: preset, development: dev }]) =>
              `${code(key)}: ${description} Default ${shown(preset)}${dev === undefined ? "" : `, ${shown(dev)} outside production`}`,
          )
          .join("<br>"),
      ]),
    ),
    "",
  ];
}

function ids({ ids: { securityHub = [], cdkNag = [], checkov = [], availability } }: Rule): string {
  const parts = [
    ...(availability === undefined ? [] : [`A ${availability}`]),
    ...(securityHub.length === 0 ? [] : [`F ${securityHub.join(", ")}`]),
    ...(cdkNag.length === 0 ? [] : [`N ${cdkNag.join(", ")}`]),
    ...(checkov.length === 0 ? [] : [`K ${checkov.join(", ")}`]),
  ];
  return parts.join("<br>");
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return code(text.length > 70 ? `${text.slice(0, 67)}...` : text);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
