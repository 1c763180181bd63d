import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { urlOf } from "../../policy/pack/catalogue";
import type { Rule } from "../../policy/pack/rule";
import { rules } from "../../policy/rules";
import { serviceOf } from "../../policy/stack/service-names";
import { advice } from "./advice";
import { fixes } from "./fixes";
import { fixtures } from "./fixtures";
import { oddDesigns } from "./odd-designs";
import { type Labels, type ProgramSet, programSets, type Round } from "./public-programs";

/** What a rule says of a design with a fault and not of the same design without it. */
export interface DesignSight {
  readonly name: string;
  readonly fault: string;
  readonly rules: readonly string[];
}

/** What public programs showed; the page is complete without the figures of a set that nobody has labelled yet. */
function publicPrograms(sets: readonly ProgramSet[]): string[] {
  return [
    "## Public programs",
    "",
    "The rules were corrected on 34 public Pulumi programs, and then judged others. Readers labelled findings: useful when an",
    "owner would accept the fix, noise when not, false when a finding is not true of the program. A round is one state of the",
    "rules. The figures are in `tests/policy/public-programs.ts`.",
    "",
    ...sets.flatMap(({ title, about, rounds, labels }) => [
      `### ${title}`,
      "",
      ...about,
      "",
      ...(rounds.length === 0 ? ["Not judged yet.", ""] : [...roundsTable(rounds), ""]),
      ...(labels.length === 0 ? ["No reader's labels yet.", ""] : [...labelsTable(labels), ""]),
    ]),
    "Of 48 low findings of the first set 8 were useful, so that low is reported only when it is asked for. A value that is not",
    "known before the deployment was counted per rule; a variable of a function now counts only where a rule reads it. The",
    "second reader of the first set called all findings of `group-refresh` (5) and `queue-dead-letters` (4) noise, those of",
    "`zones` on samples (3), and those of `alarm-missing-data` (5): the first and the last are low now, the second is about",
    "queues that an event source reads, and the third depends on [what a program is for](policy.md#what-is-reported-by-default).",
    "",
  ];
}

function roundsTable(rounds: readonly Round[]): string[] {
  return table(
    ["round", "findings", "not evaluated"],
    rounds.map(({ title, findings, notEvaluated }) => [title, String(findings), String(notEvaluated ?? "")]),
  );
}

function labelsTable(labels: readonly Labels[]): string[] {
  return table(
    ["round", "reader", "labelled", "useful", "noise", "false"],
    labels.map(({ round, reader, useful, noise, wrong }) => {
      const labelled = useful + noise + wrong;
      return [
        round,
        reader,
        ...[labelled, useful].map(String),
        `${noise}, ${Math.round((100 * noise) / labelled)} %`,
        String(wrong),
      ];
    }),
  );
}

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
    `| designs of services that few rules know, in which nothing is to be reported | ${Object.keys(oddDesigns).length} | \`tests/policy/odd-designs.spec.ts\` |`,
    `| rules whose finding names the property and the value to set on its resource | ${Object.keys(fixes).length} | \`tests/policy/fixes.spec.ts\`, which applies those that a program can and finds nothing left |`,
    "| messages that are a sentence and name the AWS service | every rule | `tests/policy/messages.spec.ts` |",
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
    ...publicPrograms(programSets),
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
    "pack's own catalogue of availability. [policy.md](policy.md) says what severity and level mean and how to set them, and",
    "when a program is served, redundant, operated, audited or private, and has an example.",
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
  for (const file of readdirSync(root)
    .filter((name) => name !== "index.ts")
    .sort()) {
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
    `${rule.severity}, ${levels[rule.level]}${lowUnless(rule)}`,
    ids(rule),
  ]);
  return [
    `### ${title}`,
    "",
    ...table(["rule", "what is true of a resource that passes", "severity, level", "ids"], rows),
    "",
  ];
}

function lowUnless({ lowUnless: purposes = [], example }: Rule): string {
  const signs = [...(purposes.length === 0 ? [] : [purposes.join(" and ")]), ...(example ? [example.words] : [])];
  return signs.length === 0 ? "" : `; low unless ${signs.join(", or ")}`;
}

function settingRows({ name, settings = {} }: Rule): string[][] {
  return Object.entries(settings).map(([key, { type, description, default: preset, development, withoutClass }]) => [
    name,
    code(key),
    type,
    description,
    `${shown(preset)}${development === undefined ? "" : `, ${shown(development)} in development`}${withoutClass === undefined ? "" : `, ${shown(withoutClass)} without a class`}`,
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
