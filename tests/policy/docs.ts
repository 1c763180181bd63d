import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { urlOf } from "../../policy/pack/catalogue";
import type { Rule } from "../../policy/pack/rule";
import { rules } from "../../policy/rules";
import { serviceOf } from "../../policy/stack/service-names";
import { advice } from "./advice";
import { fixtures } from "./fixtures";

/** What a rule says of a design with a fault and not of the same design without it. */
export interface DesignSight {
  readonly name: string;
  readonly fault: string;
  readonly rules: readonly string[];
}

/** Figures of programs that are not in this repository; they are measured by hand. */
const publicPrograms = [
  "## Public programs",
  "",
  "The rules were corrected on 34 public Pulumi programs. On 2026-11-26 they judged twelve others, of 8 to 73 resources, at the",
  "default levels and class. One reader, who knew the rules, labelled each finding: useful when an owner would accept its fix,",
  "noise when not, false when it is not true of the program.",
  "",
  "| | findings | useful | noise | false | not evaluated |",
  "| --- | --- | --- | --- | --- | --- |",
  "| as the rules were | 236 | 141 | 90, 38 % | 5 | 41 |",
  "| after the causes below were corrected, by the same labels | 172 | 133 | 39, 23 % | 0 | 21 |",
  "| with launch configurations and ACLs of buckets, of which 13 have no label | 180 | 133 | 34, 20 % of 167 | 0 | 17 |",
  "",
  "The false ones: subnets that an association gives the default route table (3), the external id of Firehose (1), backups by",
  "AWS Backup (1). Of 48 low findings 8 were useful, so that low is reported only when it is asked for. A value that is not",
  "known before the deployment was counted per rule; a variable of a function now counts only where a rule reads it. These",
  "twelve programs are not held out any more.",
  "",
];

const levels = {
  mandatory: "mandatory",
  production: "mandatory in production, advice in development",
  advisory: "advice",
} as const;

const code = (text: string) => `\`${text}\``;

/** @param sights  what the rules report of each design @returns docs/policy-proof.md */
export function proofDocument(sights: readonly DesignSight[]): string {
  return [
    "# How the policy pack is tested",
    "",
    "What the pack finds and how to use it is in [policy.md](policy.md). This page has the figures behind it.",
    "",
    "| what | figure | test |",
    "| --- | --- | --- |",
    `| rules, each with a change of a valid program that it alone finds | ${rules.length} | \`tests/policy/mutation.spec.ts\` |`,
    "| changes of prod's plan that weaken it, and how many the pack notices | more than 1,000, at least 95 % | `tests/policy/program.spec.ts`, with a reason for each of the others |",
    `| small programs that a rule must accept or find something in | ${fixtures.length} | \`tests/policy/fixtures.spec.ts\` |`,
    "| programs that use nothing of this project, with every finding listed | 3 | `tests/policy/other-programs.spec.ts` |",
    "| resources of any shape: no rule throws | every type that a rule names, 20 rounds | `tests/policy/fuzz.spec.ts` |",
    "| time on 700 resources, of the process | under 1 s; measured 0.43 to 0.78 s in six runs on two cores that were busy | `tests/policy/speed.spec.ts` |",
    "| time on prod's plan, of the process | under a fifth of planning; measured 0.06 to 0.14 of it | `tests/policy/speed.spec.ts` |",
    "| growth from an eighth to 10,000 resources | linear | `tests/policy/speed.spec.ts` |",
    "| the packed file in another project under the real engine, and the same findings by the command | 20 resources | `tests/engine/pack.engine.ts` |",
    "| ids of catalogues that the catalogue's own package has | all but those listed by hand | `tests/policy/catalogues.spec.ts` |",
    "",
    "This file is generated: `UPDATE_DOCS=1 npx mocha tests/policy/program.spec.ts`. The test fails when it is stale and when a",
    "piece of advice has no answer.",
    "",
    ...publicPrograms,
    "## What the plans show",
    "",
    "No mandatory finding in `dev` and `prod`. What the pack advises against and the program keeps:",
    "",
    ...adviceTables(),
    "## What other checkers find",
    "",
    "The production plan, rendered as CloudFormation, goes through cdk-nag and the guard rules of Control Tower in `npm run test:local`.",
    "[peers.md](peers.md) lists each of their findings with its answer, fixed or refused and why.",
    "",
    "## Designs that are not available",
    "",
    "The designs of [peers.md](peers.md), each with one fault: the rules that report it and do not report the same design",
    "without the fault.",
    "",
    ...table(
      ["design", "what happens", "rules"],
      sights.map(({ name, fault, rules: seen }) => [name, fault, seen.map(code).join(", ")]),
    ),
    "",
  ].join("\n");
}

/** @returns docs/policy-rules.md */
export function rulesDocument(): string {
  return [
    "# The rules of the policy pack",
    "",
    `${rules.length} rules, by AWS service, then the availability rules by topic. A rule's name links to the page that explains it.`,
    "Ids: F is AWS Foundational Security Best Practices or another standard of Security Hub, N cdk-nag, K checkov, A this",
    "pack's own catalogue of availability. [policy.md](policy.md) says what severity and level mean and how to set them.",
    "",
    "This file is generated: `UPDATE_DOCS=1 npx mocha tests/policy/rules-page.spec.ts`. The test fails when it is stale.",
    "",
    "## Security, by AWS service",
    "",
    ...[...groupsOf("services")].flatMap(([title, own]) => ruleTable(title, own)),
    "## Availability, by topic",
    "",
    ...[...groupsOf("availability")].flatMap(([title, own]) => ruleTable(title, own)),
    "## Settings",
    "",
    "What configuration can set for a rule, in addition to `class` and `enforcementLevel`.",
    "",
    ...table(["rule", "setting", "type", "what it is", "default"], rules.flatMap(settingRows)),
    "",
  ].join("\n");
}

/** Rules by the AWS service or the topic of their file; files of one service are one group. */
function groupsOf(folder: "services" | "availability"): Map<string, Rule[]> {
  const root = join(projectRoot, "policy/rules", folder);
  const groups = new Map<string, Rule[]>();
  for (const file of readdirSync(root).sort()) {
    const own: Rule[] = Object.values(require(join(root, file)) as Record<string, unknown>)
      .filter(Array.isArray)
      .flat();
    const listed = own.filter((rule) => rules.includes(rule));
    const title = folder === "services" ? serviceTitle(file, listed) : topicTitle(file);
    groups.set(title, [...(groups.get(title) ?? []), ...listed]);
  }
  return groups;
}

function topicTitle(file: string): string {
  const words = file.replace(/\.ts$/, "").replaceAll("-", " ");
  return `${words[0]!.toUpperCase()}${words.slice(1)}`;
}

function serviceTitle(file: string, own: readonly Rule[]): string {
  const types = own.flatMap((rule) => (rule.scope === "program" ? [] : rule.types)).map(serviceOf);
  const services = new Set(types);
  // Rules on many services are about one matter, which the file is named for.
  return services.size > 5 ? topicTitle(file) : (types[0] ?? topicTitle(file));
}

function ruleTable(title: string, own: readonly Rule[]): string[] {
  const rows = own.map((rule) => [
    `[${rule.name}](${urlOf(rule)})`,
    rule.description,
    `${rule.severity}, ${levels[rule.level]}`,
    ids(rule),
  ]);
  return [
    `### ${title}`,
    "",
    ...table(["rule", "what is true of a resource that passes", "severity, level", "ids"], rows),
    "",
  ];
}

function settingRows({ name, settings = {} }: Rule): string[][] {
  return Object.entries(settings).map(([key, { type, description, default: preset, development }]) => [
    name,
    code(key),
    type,
    description,
    `${shown(preset)}${development === undefined ? "" : `, ${shown(development)} in development`}`,
  ]);
}

function adviceTables(): string[] {
  return (["prod", "dev"] as const).flatMap((environment) => [
    `### ${environment}`,
    "",
    ...table(
      ["rule", "why it stays"],
      Object.entries(advice[environment]).map(([rule, why]) => [code(rule), why]),
    ),
    "",
  ]);
}

function ids({ ids: { securityHub = [], cdkNag = [], checkov = [], availability } }: Rule): string {
  const parts = [
    ...(availability === undefined ? [] : [`A ${availability}`]),
    ...(securityHub.length === 0 ? [] : [`F ${securityHub.join(", ")}`]),
    ...(cdkNag.length === 0 ? [] : [`N ${cdkNag.join(", ")}`]),
    ...(checkov.length === 0 ? [] : [`K ${checkov.join(", ")}`]),
  ];
  return parts.join("; ");
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return code(text.length > 70 ? `${text.slice(0, 67)}...` : text);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
