import { failoverOf, regionOfAlias } from "../../core/paths";
import { show, text } from "../../core/read";
import { failoverNames, workloadRegions } from "../../core/regions";
import type { ProgramRule } from "../../core/rule";
import { UnknownInput } from "../../core/unknown";

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
};
