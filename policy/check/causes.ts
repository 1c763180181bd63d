import { describeType, kindOfUrn } from "../stack/service-names";
import { factsByName } from "./facts";
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

const causeOf = new Map(Object.entries(sharedCauses).flatMap(([cause, rules]) => rules.map((rule) => [rule, cause])));

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
  const open = mergeUnknowns([...groups.values()]);
  return open.map(([first, ...others]) => merged(first!, others)).sort(byImportance);
}

function keyOf({ policy, level, severity, urn, message }: Finding): string {
  if (level === "waived") return `${policy} ${urn} ${message}`;
  const cause = causeOf.get(policy);
  if (level === "not-evaluated") return `unknown ${cause ?? `${urn} ${message}`}`;
  return cause ?? [policy, level, severity, typeOf(urn), shapeOf(message)].join(" ");
}

/** A value that the same rules need of several resources is one cause too. */
function mergeUnknowns(groups: readonly Finding[][]): readonly Finding[][] {
  const found = new Map<string, Finding[]>();
  for (const group of groups) {
    const [{ level, message }] = group as [Finding];
    const rules = group.map(({ policy }) => policy).join(" ");
    const key = level === "not-evaluated" ? `unknown ${message} ${rules}` : `group ${found.size}`;
    found.set(key, [...(found.get(key) ?? []), ...group]);
  }
  return [...found.values()];
}

/** The sentence without the names in it, which differ between resources that lack the same. */
function shapeOf(message: string): string {
  return message.replace(/"[^"]*"/g, '""');
}

function merged(first: Finding, others: readonly Finding[]): Finding {
  if (others.length === 0) return first;
  const covers = others.map(({ policy, urn }) => ({ policy, urn }));
  return { ...first, message: withOthers(first, others), covers };
}

/** Adds the other resources and rules to a message, before its fix. */
function withOthers(first: Finding, others: readonly Finding[]): string {
  const urns = [...new Set(others.map(({ urn }) => urn))].filter((urn) => urn !== first.urn);
  const rules = [...new Set(others.map(({ policy }) => policy))].filter((policy) => policy !== first.policy);
  const type = typeOf(first.urn);
  const names = urns.map((urn) =>
    typeOf(urn) === type ? nameOf(urn) : `${describeType(typeOf(urn))} "${nameOf(urn)}"`,
  );
  const parts = [
    ...(urns.length === 0 ? [] : [`and ${urns.length} ${urns.length === 1 ? "other" : "others"}: ${names.join(", ")}`]),
    ...(rules.length === 0 ? [] : [`also by ${rules.join(", ")}`]),
  ];
  const end = `; ${factsByName.get(first.policy)?.fix}`;
  const sentence = first.message.endsWith(end) ? first.message.slice(0, -end.length) : first.message;
  return `${sentence} (${parts.join("; ")})${first.message.slice(sentence.length)}`;
}

function typeOf(urn: string): string {
  return kindOfUrn(urn).type;
}

function nameOf(urn: string): string {
  return kindOfUrn(urn).name;
}
