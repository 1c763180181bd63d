import { list, show } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

const AUTOSHIFT = "aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration";

export const zonalAutoshift: StackRule = {
  scope: "stack",
  name: "zonal-autoshift",
  types: [T.loadBalancer, AUTOSHIFT],
  holds: "AWS turns requests away from a failing zone by itself, and practises it under an alarm.",
  why: "AWS knows of a failing zone before the people on call do.",
  mend: "add an aws.arczonalshift.ZonalAutoshiftConfiguration with outcomeAlarms, status ENABLED",
  severity: "medium",
  level: "advisory",
  ids: { availability: 15 },
  url: "https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-autoshift.html",
  check(resource, { stack, report }) {
    if (resource.type === T.loadBalancer) {
      if (stack.referrers(resource, AUTOSHIFT, "resourceArn").length === 0)
        report(resource, "must shift by itself, got no autoshift");
      return;
    }
    const status = resource.props["zonalAutoshiftStatus"];
    if (status !== "ENABLED") report(resource, `must be on, got ${show(status)}`);
    const alarms = peek(() => list(resource.props["outcomeAlarms"]).length) ?? 0;
    if (alarms === 0) report(resource, "must practise under an alarm, got no outcomeAlarms");
  },
};
