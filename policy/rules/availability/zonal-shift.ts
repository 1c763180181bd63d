import { isForAppliances } from "../../network/target-groups";
import { atMost, zonesOf } from "../../network/zones";
import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { isTrue, list, show } from "../../stack/read";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

const AUTOSHIFT = "aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration";

/** Availability rules for leaving a zone. */
export const zonalShiftRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "zonal-autoshift",
    types: [T.loadBalancer, AUTOSHIFT],
    description:
      "A balancer that can leave a zone does so by itself when AWS sees the zone fail, and practises it under an alarm.",
    rationale: "AWS knows of a failing zone before the people on call do.",
    fix: "add an aws.arczonalshift.ZonalAutoshiftConfiguration with outcomeAlarms, status ENABLED",
    severity: "low",
    level: "advisory",
    ids: { availability: 15 },
    url: "https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-autoshift.html",
    check(resource, { stack, report }) {
      if (resource.type === T.loadBalancer) {
        // Autoshift needs zonal shift, which has a rule of its own.
        if (isForAppliances(resource) || !isTrue(resource.props["enableZonalShift"])) return;
        if (stack.referrers(resource, AUTOSHIFT, "resourceArn").length === 0)
          report(
            resource,
            "must leave a failing zone by itself, got no autoshift configuration",
            `add an aws.arczonalshift.ZonalAutoshiftConfiguration for ${resource}, with outcomeAlarms`,
          );
        return;
      }
      const status = resource.props["zonalAutoshiftStatus"];
      if (status !== "ENABLED")
        report(
          resource,
          `must have autoshift on, got zonalAutoshiftStatus ${show(status)}`,
          "set zonalAutoshiftStatus to ENABLED",
        );
      const alarms = peek(() => list(resource.props["outcomeAlarms"]).length) ?? 0;
      if (alarms === 0)
        report(
          resource,
          "must practise leaving a zone under an alarm, got no outcomeAlarms",
          "set outcomeAlarms to the alarms of what the balancer serves",
        );
    },
  },
  {
    scope: "stack",
    name: "zonal-shift",
    types: [T.loadBalancer],
    description: "Operators can turn requests away from a zone at once.",
    rationale:
      "A zone that is half broken passes health checks and fails requests; then people must act, without a deployment.",
    fix: "set enableZonalShift to true",
    severity: "low",
    level: "advisory",
    ids: { availability: 15 },
    url: "https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.html",
    check(balancer, context) {
      if (isForAppliances(balancer)) return;
      const subnets = peek(() => balancer.props["subnets"]) === undefined ? "subnetMappings" : "subnets";
      const zones = peek(() => zonesOf(balancer, subnets, context.stack));
      // There is no other zone to shift to, which the rule on zones reports.
      if (typeof zones === "object" && atMost(zones) < 2) return;
      requireTrue(balancer, context, "enableZonalShift", "allow zonal shifts");
    },
  },
];
