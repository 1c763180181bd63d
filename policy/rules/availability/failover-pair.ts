import { failoverOf, regionOfAlias } from "../../core/paths";
import { show, text } from "../../core/read";
import { failoverNames, workloadRegions } from "../../core/regions";
import type { ProgramRule } from "../../core/rule";

export const failoverPair: ProgramRule = {
  scope: "program",
  name: "failover-pair",
  holds: "A failover name has exactly one primary and one secondary record, in different regions.",
  why: "With one record there is nothing to fail over to; with both in a region they fail together.",
  mend: "declare one PRIMARY and one SECONDARY with their own setIdentifier, each in its region",
  severity: "critical",
  level: "mandatory",
  ids: { availability: 29 },
  url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html",
  check({ stack, report }) {
    for (const records of failoverNames(stack).values()) {
      const [first] = records;
      if (first === undefined) continue;
      const kinds = records.map(failoverOf).sort().join(" and ");
      // A stack of one region has its pair in another stack.
      if (records.length === 1 && stack.regions().length < 2) {
        if (kinds === "PRIMARY" && workloadRegions(stack).length < 2) continue;
      }
      if (kinds !== "PRIMARY and SECONDARY") report(first, `must have one PRIMARY and one SECONDARY, got ${kinds}`);
      const ids = records.map((one) => text(one.props["setIdentifier"]));
      if (new Set(ids).size < ids.length) report(first, `must have a setIdentifier per record, got ${show(ids)}`);
      const regions = records.map((one) => regionOfAlias(one, stack)).filter((one) => one !== undefined);
      if (regions.length > 1 && new Set(regions).size < 2)
        report(first, `must lead to two regions, got ${regions.join(" and ")}`);
    }
  },
};
