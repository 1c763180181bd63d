import { endpointChecks, failoverOf, regionOfAlias } from "../../network/paths";
import { failoverNames, workloadRegions } from "../../network/regions";
import type { Rule } from "../../pack/rule";
import { isTrue, list, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN, UnknownInput } from "../../stack/unknown";

/** Seconds that resolvers keep an alias to a gateway or balancer. */
const ALIAS_TTL = 60;

/** Availability rules for DNS failover. */
export const dnsRules: readonly Rule[] = [
  {
    scope: "program",
    name: "failover-pair",
    description: "A failover name has exactly one primary and one secondary record, in different regions.",
    rationale: "With one record there is no region to fail over to; with both in one region they fail together.",
    fix: "declare one PRIMARY and one SECONDARY with their own setIdentifier, each in its region",
    severity: "critical",
    level: "mandatory",
    ids: { availability: 29 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html",
    check({ stack, report }) {
      const halves: string[] = [];
      for (const records of failoverNames(stack).values()) {
        const [first] = records;
        if (first === undefined) continue;
        const kinds = records.map(failoverOf).sort().join(" and ");
        // Where each region is a stack of its own, the other half is in another one.
        if (records.length === 1 && workloadRegions(stack).length < 2) {
          halves.push(first.name);
          continue;
        }
        if (kinds !== "PRIMARY and SECONDARY") report(first, `must have one PRIMARY and one SECONDARY, got ${kinds}`);
        const ids = records.map((one) => text(one.props["setIdentifier"]));
        if (new Set(ids).size < ids.length) report(first, `must have a setIdentifier per record, got ${show(ids)}`);
        const regions = records.map((one) => regionOfAlias(one, stack)).filter((one) => one !== undefined);
        if (regions.length > 1 && new Set(regions).size < 2)
          report(first, `must lead to two regions, got ${regions.join(" and ")}`);
      }
      if (halves.length > 0)
        throw new UnknownInput(`the other half of ${halves.join(", ")}, which may be in another stack,`);
    },
  },
  {
    scope: "stack",
    name: "primary-health-check",
    types: [T.record],
    description: "A primary record has a health check, or the evaluated health of a load balancer.",
    rationale: "Without one an alias to a gateway fails over only when the whole service is down in the region.",
    fix: "set healthCheckId",
    severity: "critical",
    level: "mandatory",
    ids: { availability: 30 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-configuring.html",
    check(record, { stack, report }) {
      if (failoverOf(record) !== "PRIMARY" || hasTargetHealth(record, stack)) return;
      const check = peek(() => record.props["healthCheckId"]);
      if (check === undefined || check === "")
        report(
          record,
          "must have a health check that it fails over by, got no healthCheckId",
          "set healthCheckId to the id of an aws.route53.HealthCheck of its region",
        );
    },
  },
  {
    scope: "stack",
    name: "failover-time",
    types: [T.record],
    description: "Clients reach the other region within the declared recovery time.",
    rationale: "Detection, caches and clients add up to more than people expect of a failover.",
    fix: "lower the check's interval, its threshold or the TTL, or raise the recovery time",
    severity: "high",
    level: "mandatory",
    ids: { availability: 32 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html",
    settings: {
      recoveryTimeSeconds: {
        type: "integer",
        description: "Declared recovery time after the loss of a region.",
        default: 120,
        development: 300,
      },
      clientCacheSeconds: {
        type: "integer",
        description: "Seconds that clients keep an address beyond its TTL.",
        default: 0,
      },
    },
    check(record, { stack, report, setting }) {
      if (failoverOf(record) !== "PRIMARY") return;
      // How fast an alarm, or a switch of a person, decides a check is not in the check.
      const checks = endpointChecks(record, stack).filter(
        (one) => !["CLOUDWATCH_METRIC", "RECOVERY_CONTROL"].includes(text(one.props["type"])),
      );
      if (checks.length === 0) return;
      const detection = Math.max(
        ...checks.map(
          (one) => (number(one.props["requestInterval"]) ?? 30) * (number(one.props["failureThreshold"]) ?? 3),
        ),
      );
      const ttl = list(record.props["aliases"]).length > 0 ? ALIAS_TTL : (number(record.props["ttl"]) ?? 300);
      const total = detection + ttl + setting<number>("clientCacheSeconds");
      const most = setting<number>("recoveryTimeSeconds");
      if (total > most)
        report(
          record,
          `must fail over within ${most} s, got ${detection} s of detection and ${total - detection} s of caches`,
        );
    },
  },
  {
    scope: "stack",
    name: "record-ttl",
    types: [T.record],
    description: "Clients keep the address of a record that can change by itself for a minute at most.",
    rationale: "With a longer TTL clients stay with an address that Route 53 has already taken out.",
    fix: "set ttl to 60 or less, or use an alias",
    severity: "medium",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 33 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-basic.html",
    settings: { seconds: { type: "integer", description: "Most seconds of a TTL.", default: 60 } },
    check(record, { report, setting }) {
      if (!["A", "AAAA", "CNAME"].includes(record.props["type"]) || list(record.props["aliases"]).length > 0) return;
      // Route 53 takes a record out only by a health check; others change with a deployment, which can plan ahead.
      if (peek(() => record.props["healthCheckId"]) === undefined && failoverOf(record) === undefined) return;
      const ttl = number(record.props["ttl"]);
      if (ttl !== undefined && ttl > setting<number>("seconds"))
        report(
          record,
          `must be kept by resolvers for ${setting("seconds")} s at most, got ttl ${ttl}`,
          `set ttl to ${setting("seconds")}`,
        );
    },
  },
  {
    scope: "resource",
    name: "zone-accelerated-recovery",
    types: [T.zone],
    description: "A public hosted zone has accelerated recovery.",
    rationale:
      "Records are changed by a control plane in one region; without it they can be changed only when that region is back.",
    fix: "set enableAcceleratedRecovery to true, and plan a failover that does not need it",
    severity: "low",
    level: "advisory",
    ids: { availability: 56 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/accelerated-recovery.html",
    check(zone, { report }) {
      // AWS offers it for public zones only.
      if (peek(() => list(zone.props["vpcs"]).length) !== 0) return;
      const value = zone.props["enableAcceleratedRecovery"];
      if (!isTrue(value))
        report(
          zone,
          `must allow changes of its records while us-east-1 is down, got enableAcceleratedRecovery ${show(value)}`,
          "set enableAcceleratedRecovery to true",
        );
    },
  },
];

/**
 * Whether Route 53 evaluates what an alias leads to: a load balancer is healthy as long as its targets are, where a
 * gateway is healthy as long as the whole service is.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias-common.html
 */
function hasTargetHealth(record: Resource, stack: Stack): boolean {
  return list(record.props["aliases"]).some((alias) => {
    if (peek(() => isTrue(alias["evaluateTargetHealth"])) !== true) return false;
    const name = peek(() => text(alias["name"]));
    if (name !== UNKNOWN && /\.elb\.([\w-]+\.)?amazonaws\.com/.test(name)) return true;
    return stack.dependencies(record, "aliases", [T.loadBalancer, "aws:elb/loadBalancer:LoadBalancer"]).length > 0;
  });
}
