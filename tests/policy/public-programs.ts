/** A round of judging the programs of a set, as the rules were then. */
export interface Round {
  readonly title: string;
  readonly findings: number;
  readonly notEvaluated?: number;
}

/** What a reader said of findings of one round. A reader may label a part of them. */
export interface Labels {
  /** Which reader, and what the reader knew: one who knows the rules may see what they mean to say. */
  readonly reader: string;
  /** Title of the round whose findings were labelled. */
  readonly round: string;
  /** An owner would accept the fix. */
  readonly useful: number;
  /** True, but an owner would not accept the fix. */
  readonly noise: number;
  /** Not true of the program. */
  readonly wrong: number;
}

/** Public programs that are not in this repository, with figures that are measured by hand. */
export interface ProgramSet {
  readonly title: string;
  /** What the programs are, when they were judged, and whether the rules were changed by what they showed. */
  readonly about: readonly string[];
  readonly rounds: readonly Round[];
  readonly labels: readonly Labels[];
}

const asTheyWere = "as the rules were";
const corrected = "after the causes below were corrected";
const asked = "with advice low that the program does not ask for";
const reviewed = "after every rule was read against AWS's documentation";
const configurations = "with launch configurations and ACLs of buckets";

/** Sets of public programs, the first one judged first. A set without labels has none yet. */
export const programSets: readonly ProgramSet[] = [
  {
    title: "First set",
    about: [
      "Twelve programs of 8 to 73 resources, judged on 2026-11-26 at the default levels and class. They are not held out any",
      "more: the rules were changed by what they showed. The false findings were subnets that an association gives the default",
      "route table (3), the external id of Firehose (1) and backups by AWS Backup (1).",
    ],
    rounds: [
      { title: asTheyWere, findings: 236, notEvaluated: 41 },
      { title: corrected, findings: 172, notEvaluated: 21 },
      { title: configurations, findings: 180, notEvaluated: 17 },
    ],
    labels: [
      { reader: "first, who knew the rules", round: asTheyWere, useful: 141, noise: 90, wrong: 5 },
      { reader: "first, the same labels", round: corrected, useful: 133, noise: 39, wrong: 0 },
      { reader: "first, the same labels", round: configurations, useful: 133, noise: 34, wrong: 0 },
      { reader: "second, who saw no labels", round: corrected, useful: 55, noise: 45, wrong: 0 },
    ],
  },
  {
    title: "Second set",
    about: [
      "Twelve programs of 10 to 82 resources of eleven repositories, judged on 2026-11-27 at the default levels and class, with one",
      "finding for each cause. No one who changed the rules had looked at them. Each reader labelled the same 100 findings, which",
      "were drawn at random, and knew neither the rules nor the other reader. Both found the hash of a secret taken for a secret",
      "and a group that is attached outside the program taken for a server's; both rules are corrected. By both readers noise was",
      "half of the findings, most of it advice of medium severity to samples and courses.",
      "",
      "The set is not held out any more: the rules were changed by what it showed, so that the second round says how far they",
      "follow these readers, and not what they do on programs that were never looked at. Of the first reader's 47 useful findings",
      "39 are still reported, of the second's 40 there are 37. What is lost: servers that leave metadata to their image (2),",
      "a repository that does not scan, a service without alarms, a default group, reads and a service's actions on what is",
      "named (2), a bucket without TLS alone, a database that Pulumi protects. Five findings of the round had no label.",
    ],
    rounds: [
      { title: asTheyWere, findings: 127 },
      { title: asked, findings: 45, notEvaluated: 5 },
    ],
    labels: [
      { reader: "first", round: asTheyWere, useful: 47, noise: 51, wrong: 2 },
      { reader: "second", round: asTheyWere, useful: 40, noise: 57, wrong: 3 },
      { reader: "first, the same labels", round: asked, useful: 39, noise: 1, wrong: 0 },
      { reader: "second, the same labels", round: asked, useful: 37, noise: 3, wrong: 0 },
    ],
  },
  {
    title: "Third set",
    about: [
      "Twelve programs of 16 to 83 resources of twelve owners, eleven of them operated products, judged on 2026-11-27 at the",
      "default levels and class, with one finding for each cause. No one who changed the rules had looked at them. Both readers",
      "labelled all findings, and neither knew the rules nor the other. Their noise is 19 and 30 percent, and most of it is what",
      "an owner has chosen and says so: a public download site, a game server that the world must reach, one NAT gateway.",
      "The false finding of both was one of actions of Textract, which take no resource; the pack now knows the actions of every",
      "AWS service. Both also called two of the six notes on what was not evaluated false: encrypted variables of functions",
      "are not unknown, and are now findings. So this set is not held out any more either.",
    ],
    rounds: [{ title: asTheyWere, findings: 47, notEvaluated: 6 }],
    labels: [
      { reader: "first", round: asTheyWere, useful: 37, noise: 9, wrong: 1 },
      { reader: "second", round: asTheyWere, useful: 32, noise: 14, wrong: 1 },
    ],
  },
  {
    title: "Fourth set",
    about: [
      "Twelve programs of 15 to 90 resources of twelve owners, nearly all of them operated, judged on 2026-11-27 as the third set",
      "was. Three of 75 findings were false by both readers: the name of a host in a variable called a connection string, the",
      "check of a container that its task does not need, and a name of REST APIs without a TLS policy, which API Gateway gives",
      "TLS 1.2. All are corrected. The second reader's noise is 37 percent: eleven of the 28 are secrets in variables of one",
      "program's functions, whose owner replaces them. What differs in the names of variables was a finding each, and is now one.",
      "The set is not held out any more.",
    ],
    rounds: [
      { title: asTheyWere, findings: 75, notEvaluated: 2 },
      { title: reviewed, findings: 61 },
    ],
    labels: [
      { reader: "first", round: asTheyWere, useful: 59, noise: 13, wrong: 3 },
      { reader: "second", round: asTheyWere, useful: 44, noise: 28, wrong: 3 },
      { reader: "first, the same labels", round: reviewed, useful: 49, noise: 12, wrong: 0 },
      { reader: "second, the same labels", round: reviewed, useful: 43, noise: 18, wrong: 0 },
    ],
  },
  {
    title: "Fifth set",
    about: [
      "Twelve programs of 14 to 182 resources of twelve owners, 762 resources in all, judged on 2026-11-28 at the default levels",
      "and no class, with one finding for each cause; without that there would be 101. No one who changed the rules had looked at",
      "them. Both readers labelled all findings, and neither knew the rules nor the other. They differ in one finding, an",
      "operated API without alarms whose errors go to another vendor. No finding was false by either. Most of the noise is what",
      "the program says it has chosen: a public bucket of downloads, one task because two would write, one day of backups for",
      "its price, secrets in variables with a reason. No rule was changed by what this set showed. A set judged between the fourth",
      "and this one had two false findings, which are corrected; its other figures are not kept.",
    ],
    rounds: [{ title: asTheyWere, findings: 54, notEvaluated: 21 }],
    labels: [
      { reader: "first", round: asTheyWere, useful: 40, noise: 14, wrong: 0 },
      { reader: "second", round: asTheyWere, useful: 41, noise: 13, wrong: 0 },
    ],
  },
];
