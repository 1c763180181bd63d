import { list } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const zoneDnssec: StackRule = {
  scope: "stack",
  name: "zone-dnssec",
  types: [T.zone],
  holds: "A public zone is signed.",
  why: "An unsigned answer can be forged on its way.",
  mend: "add an aws.route53.HostedZoneDnsSec with a key-signing key",
  severity: "medium",
  level: "advisory",
  ids: { K: ["g38"] },
  url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec.html",
  check(zone, { stack, report }) {
    if (list(zone.props["vpcs"]).length > 0) return;
    if (stack.referrers(zone, "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec", "hostedZoneId").length === 0)
      report(zone, "must be signed, got no DNSSEC");
  },
};
