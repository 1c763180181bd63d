import type { Refusal } from "./refusal";
import { refusals } from "./refusals";
import type { Design } from "./unavailable-designs";

/** What peers say of a design with a fault and not of its sound twin: rule ids by peer. */
export interface Sight {
  readonly design: Design;
  readonly cdkNag: readonly string[];
  readonly controlTower: readonly string[];
  readonly awsValidator: readonly string[];
}

/** Remarks on what a peer sees; a remark on a design it does not see is an error of the test. */
export const remarks: Readonly<Record<string, string>> = {
  DynamoDBInBackupPlan: "by accident: the rule does not look at tables with replicas",
};

/** @returns docs/peers.md */
export function peersDocument(sights: readonly Sight[]): string {
  return [
    intro,
    "## Findings on the plan",
    "",
    tableIntro,
    "",
    ...Object.entries(refusals).flatMap(([part, list]) => [`### ${part}`, "", ...refusalTable(list), ""]),
    "## Designs that are not available",
    "",
    designIntro,
    "",
    ...sightTable(sights),
    "",
  ].join("\n");
}

function refusalTable(list: readonly Refusal[]): string[] {
  return table(
    ["rules", "resources", "wants", "answer"],
    list.map(({ rules, resources, details, wants, answer, why, only }) => [
      rules.join(", "),
      [...resources, ...(details ?? []).filter((detail) => detail !== "")].map(code).join("<br>"),
      wants,
      `${answer === "blind" ? "Cannot see it" : "Refused"}${only === undefined ? "" : ` (${only} only)`}. ${why}`,
    ]),
  );
}

function sightTable(sights: readonly Sight[]): string[] {
  const cell = (rules: readonly string[]) =>
    rules.length === 0
      ? "-"
      : rules.map((rule) => (remarks[rule] === undefined ? rule : `${rule} (${remarks[rule]})`)).join(", ");
  return table(
    ["design", "what happens", "cdk-nag", "Control Tower", "AWS's validator"],
    sights.map(({ design, cdkNag, controlTower, awsValidator }) => [
      design.name,
      design.fault,
      cell(cdkNag),
      cell(controlTower),
      cell(awsValidator),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** `**` stands for an asterisk in patterns. */
const code = (pattern: string) => `\`${pattern.replaceAll("**", "*")}\``;

const intro = `# What other people's rules say

The plan is rendered as CloudFormation (tests/peers/cloudformation, one template per region) and read by peers that know
nothing of this project. All of it is offline, in \`npm run test:local\`, and nothing of it ships: development dependencies only.

| peer | what it is |
| --- | --- |
| cdk-nag 3.0.2 | packs AwsSolutions, NIST 800-53 R5, PCI DSS 3.2.1, HIPAA Security and Serverless, over the CDK's own classes |
| @cdklabs/cdk-validator-cfnguard 0.0.62 | the proactive controls of AWS Control Tower, in cfn-guard (Linux and macOS) |
| @aws/cloudformation-validate 1.14.0, inside aws-cdk-lib 2.276.0 | AWS's schemas of all types, and the rules of cfn-lint |

They cost 227 MB of node_modules and five seconds of \`npm ci\`, and are loaded by the tests that ask them; those take ten
seconds on two cores. Control Tower has 237 rule files; only those that name a type of the plan are run.

The rendering must lose nothing: a type or property of the plan without a counterpart, or without a reason to have none,
fails the test, and so does a template that AWS's schemas refuse. A property that nobody knows, planted at every depth of
every type, is noticed each time. The templates are made to be judged; they are not for deployment.

This file is generated: \`UPDATE_DOCS=1 npx mocha tests/peers/designs.spec.ts\`. The test fails when it is stale, when a
finding on dev or prod has no answer below, and when an answer has no finding any more.
`;

const tableIntro = `Names are those of planned resources without their region; \`*\` stands for anything. "Refused" says why
the plan stays as it is, "cannot see it" that the plan is as the rule wants it and the rule cannot tell.`;

const designIntro = `Each design is a small program with one fault, beside a twin without it (tests/peers/unavailable-designs.ts).
The table shows what a peer says of the faulty one and not of its twin; "-" means that it cannot tell them apart. Control
Tower's CT.AUTOSCALING.PR.1, for one, asks for several zones and accuses both groups: it reads a list of zones, which a
group in a VPC does not have. What this project's own pack sees of them is in [policy.md](policy.md).`;
