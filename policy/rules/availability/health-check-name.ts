import { show, text } from "../../core/read";
import { failoverNames } from "../../core/regions";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const healthCheckName: StackRule = {
  scope: "stack",
  name: "health-check-name",
  types: [T.healthCheck],
  holds: "A region's health check asks a name of that region, never the one that fails over.",
  why: "The failover name leads to the healthy region, so the check of the failed one would pass again.",
  mend: "give each region a name of its own and check that",
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
    if (fqdn !== "" && names.has(fqdn)) report(check, `must ask a regional name, got the failover name ${show(fqdn)}`);
  },
};
