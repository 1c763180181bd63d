import { endpointChecks, failoverOf, regionOfAlias } from "../../network/paths";
import { failoverNames, workloadRegions } from "../../network/regions";
import type { Rule } from "../../pack/rule";
import { isTrue, list, number, show, text, texts } from "../../stack/read";
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
    rationale: "With one record there is nothing to fail over to; with both in a region they fail together.",
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
    scope: "resource",
    name: "primary-health-check",
    types: [T.record],
    description: "A primary record has a health check.",
    rationale: "Without one an alias to a gateway fails over only when the whole service is down in the region.",
    fix: "set healthCheckId",
    severity: "critical",
    level: "mandatory",
    ids: { availability: 30 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-configuring.html",
    check(record, { report }) {
      if (failoverOf(record) !== "PRIMARY") return;
      const check = peek(() => record.props["healthCheckId"]);
      if (check === undefined || check === "") report(record, "must be checked, got no healthCheckId");
    },
  },
  {
    scope: "resource",
    name: "health-check-settings",
    types: [T.healthCheck],
    description:
      "Endpoints are checked over HTTPS every 10 s, from three regions or more, and fail after three misses.",
    rationale: "A slow check is a long outage; one from few places takes a network's fault for the endpoint's.",
    fix: "set type HTTPS, requestInterval 10, failureThreshold 3 or less, enableSni, and three regions or none",
    severity: "high",
    level: "mandatory",
    ids: { availability: 31 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
    check(check, { report }) {
      const { type, requestInterval, failureThreshold, enableSni, disabled } = check.props;
      const isTcp = type === "TCP";
      if (isTrue(disabled)) report(check, "must be on, got disabled true");
      if (!isTcp && !/^HTTPS?(_STR_MATCH)?$/.test(text(type))) return;
      if (!text(type).startsWith("HTTPS")) report(check, `must check over HTTPS, got ${show(type)}`);
      if ((number(requestInterval) ?? 30) !== 10)
        report(check, `must check every 10 s, got requestInterval ${show(requestInterval)}`);
      if ((number(failureThreshold) ?? 3) > 3)
        report(check, `must fail after 3 misses, got failureThreshold ${show(failureThreshold)}`);
      if (enableSni === false || enableSni === "false") report(check, "must name the host in TLS, got enableSni false");
      const regions = list(check.props["regions"]).length;
      if (regions > 0 && regions < 3) report(check, `must check from three regions, got ${regions}`);
    },
  },
  {
    scope: "stack",
    name: "failover-time",
    types: [T.record],
    description: "Clients reach the other region within the declared recovery time.",
    rationale: "Detection, caches and clients add up; a promise nobody added up is not kept.",
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
      const checks = endpointChecks(record, stack);
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
    scope: "resource",
    name: "record-ttl",
    types: [T.record],
    description: "Addresses are kept for a minute at most.",
    rationale: "A longer TTL is the time that clients stay with what is down.",
    fix: "set ttl to 60 or less, or use an alias",
    severity: "medium",
    level: "mandatory",
    ids: { availability: 33 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-basic.html",
    settings: { seconds: { type: "integer", description: "Most seconds of a TTL.", default: 60 } },
    check(record, { report, setting }) {
      if (!["A", "AAAA", "CNAME"].includes(record.props["type"]) || list(record.props["aliases"]).length > 0) return;
      const name = peek(() => text(record.props["name"]));
      const values = peek(() => texts(record.props["records"]));
      // Proofs of ownership lead nowhere.
      if (
        (name !== UNKNOWN && name.startsWith("_")) ||
        (values !== UNKNOWN && values.some((one) => one.includes("acm-validations")))
      )
        return;
      const ttl = number(record.props["ttl"]);
      if (ttl !== undefined && ttl > setting<number>("seconds"))
        report(record, `must be kept for ${setting("seconds")} s at most, got ttl ${ttl}`);
    },
  },
  {
    scope: "stack",
    name: "health-check-name",
    types: [T.healthCheck],
    description: "A region's health check asks a name of that region, never the one that fails over.",
    rationale: "The failover name leads to the healthy region, so the check of the failed one would pass again.",
    fix: "give each region a name of its own and check that",
    severity: "critical",
    level: "mandatory",
    ids: { availability: 34 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html",
    check(check, { stack, report }) {
      const names = stack.memo(
        "failover names",
        () => new Set([...failoverNames(stack).values()].flat().map((one) => text(one.props["name"]))),
      );
      const fqdn = text(check.props["fqdn"]);
      if (fqdn !== "" && names.has(fqdn))
        report(check, `must ask a regional name, got the failover name ${show(fqdn)}`);
    },
  },
  {
    scope: "resource",
    name: "insufficient-data",
    types: [T.healthCheck],
    description: "A check of an alarm does not take silence for health.",
    rationale: "A region that is down sends no metrics.",
    fix: "set insufficientDataHealthStatus to Unhealthy or LastKnownStatus",
    severity: "high",
    level: "mandatory",
    ids: { availability: 35 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
    check(check, { report }) {
      if (check.props["type"] !== "CLOUDWATCH_METRIC") return;
      const status = check.props["insufficientDataHealthStatus"];
      if (!["Unhealthy", "LastKnownStatus"].includes(status))
        report(check, `must not be healthy without data, got ${show(status)}`);
    },
  },
];
