import { partsOf } from "../pack/run";
import { describeType, kindOfUrn } from "../stack/service-names";
import { byImportance, type Finding } from "./finding";

/**
 * Rules that one change answers, by that change: who adds a zone to the subnets adds it to the group, to the balancer and
 * to the NAT gateways. Of each set a stack has one finding, by any number of rules and resources.
 */
export const sharedCauses: Readonly<Record<string, readonly string[]>> = {
  "spread over the zones": ["zones", "nested-zones", "endpoint-zones", "nat-per-zone"],
  "keep servers for the loss of a zone": ["minimum-capacity", "desired-per-zone", "scheduled-minimum", "scaling-room"],
  "run a second database": ["database-multi-az", "aurora-instances"],
  "run a second cache node": ["cache-failover", "cache-replicas"],
  "run more search nodes": ["domain-nodes", "domain-standby", "search-off-path"],
  "check the health of targets": ["target-group-health-check", "health-check-timing", "shallow-health-path"],
  "protect from deletion": [
    "database-deletion-protection",
    "database-final-snapshot",
    "load-balancer-deletion-protection",
    "stateful-protected",
    "table-deletion-protection",
    "user-pool-deletion-protection",
  ],
  "move servers to private subnets": [
    "server-no-public-ip",
    "service-no-public-ip",
    "subnet-no-public-ip",
    "route-table-internet-gateway",
    "security-group-public-edge",
  ],
  "publish a bucket by a distribution": [
    "bucket-acl-not-public",
    "bucket-owner-enforced",
    "bucket-policy-not-public",
    "bucket-public-access",
  ],
  "encrypt a cache": ["cache-at-rest", "cache-auth", "cache-transit"],
  "encrypt a search domain": ["domain-at-rest", "domain-https", "domain-node-to-node"],
  "take secrets out of variables": ["function-no-plain-secret", "task-no-plain-secret"],
  "add method settings": ["stage-method-settings", "method-settings-logging", "method-settings-throttle"],
  "add a web ACL": ["load-balancer-waf", "stage-waf", "distribution-waf"],
};

/**
 * Rules that one change of one resource answers: who narrows a policy narrows all its statements. Of each set such a
 * resource has one finding; resources that lack the same are still one.
 */
export const causesOfResource: Readonly<Record<string, readonly string[]>> = {
  "narrow a policy": ["no-administrator", "no-service-wildcard", "no-wildcard-resource"],
  "serve a site by TLS": ["distribution-https", "distribution-origin-tls", "distribution-tls"],
};

/** Rules whose numbers are ports: what is open differs by them, where other numbers only say how far a value is off. */
const aboutPorts = /^(security-group|network-acl)-/;

const byRule = (causes: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(causes).flatMap(([cause, rules]) => rules.map((rule) => [rule, cause])));
const causeOf = byRule(sharedCauses);
const causeOfResource = byRule(causesOfResource);

/**
 * Makes one finding of those with one cause: rules of one set above, or one rule that says the same of several resources
 * of a type, as of what a loop makes. Of a value that is not known yet, one line names the rules that need it. Waived
 * findings stay apart, as each has its reason.
 * @returns the worst finding of each cause; its message names the other resources and rules, and `covers` lists them
 */
export function byCause(findings: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of [...findings].sort(byImportance)) {
    const key = keyOf(finding);
    const known = groups.get(key);
    if (known) known.push(finding);
    else groups.set(key, [finding]);
  }
  const open = mergeOfResource(mergeUnknowns([...groups.values()]));
  return open.map(([first, ...others]) => merged(first!, others)).sort(byImportance);
}

function keyOf({ policy, level, severity, urn, message }: Finding): string {
  if (level === "waived") return `${policy} ${urn} ${message}`;
  const cause = causeOf.get(policy);
  if (level === "not-evaluated") return `unknown ${cause ?? `${urn} ${message}`}`;
  return cause ?? [policy, level, severity, typeOf(urn), shapeOf(policy, message)].join(" ");
}

/** A value that the same rules need of several resources is one cause too. */
function mergeUnknowns(groups: readonly Finding[][]): readonly Finding[][] {
  return regroup(groups, (group) => {
    const [{ level, message }] = group as [Finding];
    return level === "not-evaluated" ? `unknown ${message} ${group.map(({ policy }) => policy).join(" ")}` : undefined;
  });
}

/** Findings on the same resources are one where one rule has them, or one change of each resource answers them. */
function mergeOfResource(groups: readonly Finding[][]): readonly Finding[][] {
  return regroup(groups, (group) => {
    const [{ policy, level }] = group as [Finding];
    if (level === "waived" || level === "not-evaluated") return undefined;
    const urns = [...new Set(group.map(({ urn }) => urn))].sort();
    return `${causeOfResource.get(policy) ?? policy} ${urns.join(" ")}`;
  });
}

/** Joins groups with the same key; one without a key stays as it is. */
function regroup(groups: readonly Finding[][], keyOfGroup: (group: Finding[]) => string | undefined): Finding[][] {
  const found = new Map<string, Finding[]>();
  for (const group of groups) {
    const key = keyOfGroup(group) ?? `group ${found.size}`;
    found.set(key, [...(found.get(key) ?? []), ...group]);
  }
  return [...found.values()].map((group) => group.sort(byImportance));
}

/** What a message says, without the names and numbers in it, which differ between resources that lack the same. */
function shapeOf(policy: string, message: string): string {
  const named = partsOf(message)[0].replace(/"[^"]*"/g, '""');
  return aboutPorts.test(policy) ? named : named.replace(/\d+/g, "0");
}

function merged(first: Finding, others: readonly Finding[]): Finding {
  if (others.length === 0) return first;
  const covers = others.map(({ policy, urn }) => ({ policy, urn }));
  return { ...first, message: withOthers(first, others), covers };
}

/** Adds the other resources, rules and sentences to a message, before its fix. */
function withOthers(first: Finding, others: readonly Finding[]): string {
  const urns = [...new Set(others.map(({ urn }) => urn))].filter((urn) => urn !== first.urn);
  const rules = [...new Set(others.map(({ policy }) => policy))].filter((policy) => policy !== first.policy);
  const type = typeOf(first.urn);
  const names = urns.map((urn) =>
    typeOf(urn) === type ? nameOf(urn) : `${describeType(typeOf(urn))} "${nameOf(urn)}"`,
  );
  const [says] = partsOf(first.message);
  const more = [
    ...(urns.length === 0
      ? []
      : [` (and ${urns.length} ${urns.length === 1 ? "other" : "others"}: ${names.join(", ")})`]),
    ...(rules.length === 0 ? [] : [` (also by ${rules.join(", ")})`]),
    ...sentencesOf(first, others),
  ];
  return `${says}${more.join("")}${first.message.slice(says.length)}`;
}

/** What the same rule says besides on the same resource, up to three sentences. */
function sentencesOf(first: Finding, others: readonly Finding[]): string[] {
  const subject = `${describeType(typeOf(first.urn))} "${nameOf(first.urn)}" `;
  const says = [
    ...new Set(
      others.filter(({ policy, urn }) => policy === first.policy && urn === first.urn).map(({ message }) => message),
    ),
  ]
    .map((message) => partsOf(message)[0].replace(subject, ""))
    .filter((one) => one !== partsOf(first.message)[0].replace(subject, ""));
  const left = says.length > 3 ? [`${says.length - 3} more`] : [];
  return says.length === 0 ? [] : [`, and ${[...says.slice(0, 3), ...left].join(", and ")}`];
}

function typeOf(urn: string): string {
  return kindOfUrn(urn).type;
}

function nameOf(urn: string): string {
  return kindOfUrn(urn).name;
}
