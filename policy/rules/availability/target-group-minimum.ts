import { block, number } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const targetGroupMinimum: ResourceRule = {
  scope: "resource",
  name: "target-group-minimum",
  types: [T.targetGroup],
  holds: "A zone with one target left is taken out of service.",
  why: "By default the last healthy target of a zone gets the zone's whole load, and falls too.",
  mend: "set minimumHealthyTargetsCount to 2 or more in targetGroupHealth.dnsFailover and unhealthyStateRouting",
  severity: "medium",
  level: "production",
  ids: { availability: 16 },
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html",
  check(group, { report }) {
    if (group.props["targetType"] === "lambda") return;
    const health = block(group.props["targetGroupHealth"]);
    for (const part of ["dnsFailover", "unhealthyStateRouting"]) {
      const settings = block(health[part]);
      const count = number(settings["minimumHealthyTargetsCount"]) ?? 1;
      const percent = number(settings["minimumHealthyTargetsPercentage"]) ?? 0;
      if (count < 2 && percent <= 0) report(group, `must count a zone with one target as lost, got ${part} ${count}`);
    }
  },
};
