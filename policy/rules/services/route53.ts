import type { Rule } from "../../pack/rule";
import { list } from "../../stack/read";
import { T } from "../../stack/types";

/** Rules for Route 53. */
export const route53Rules: readonly Rule[] = [
  {
    scope: "stack",
    name: "zone-dnssec",
    types: [T.zone],
    description: "A public zone is signed with DNSSEC.",
    rationale: "An answer without a signature can be forged on its way to the client.",
    fix: "add an aws.route53.HostedZoneDnsSec with a key-signing key",
    severity: "low",
    level: "advisory",
    ids: { checkov: ["CKV2_AWS_38"] },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec.html",
    check(zone, { stack, report }) {
      if (list(zone.props["vpcs"]).length > 0) return;
      if (stack.referrers(zone, "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec", "hostedZoneId").length === 0)
        report(zone, "must be signed by DNSSEC, got no key for it");
    },
  },
  {
    scope: "stack",
    name: "zone-query-log",
    types: [T.zone],
    description: "A public zone logs its queries.",
    rationale: "Which names are asked for shows failovers that clients do not follow, and attacks that look for names.",
    fix: "add an aws.route53.QueryLog, with a log group in us-east-1",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["Route53.2"], checkov: ["CKV2_AWS_39"] },
    check(zone, { stack, report }) {
      if (list(zone.props["vpcs"]).length > 0) return;
      if (stack.referrers(zone, "aws:route53/queryLog:QueryLog", "zoneId").length === 0)
        report(zone, "must log its queries, got no query log");
    },
  },
];
