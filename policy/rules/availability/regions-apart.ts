import { workloadRegions } from "../../core/regions";
import type { ProgramRule } from "../../core/rule";

export const regionsApart: ProgramRule = {
  scope: "program",
  name: "regions-apart",
  holds: "Regions are deployed one after the other, by stacks of their own.",
  why: "One deployment that changes both regions can break both at once.",
  mend: "deploy a stack per region, such as prod.eu-west-1 and then prod.eu-central-1",
  severity: "medium",
  level: "advisory",
  ids: { availability: 40 },
  url: "https://aws.amazon.com/builders-library/automating-safe-hands-off-deployments/",
  check({ stack, report }) {
    const regions = workloadRegions(stack);
    const [whole] = stack.of("pulumi:pulumi:Stack");
    const holder = whole ?? stack.resources[0];
    if (regions.length > 1 && holder) report(holder, `must deploy one region at a time, got ${regions.join(" and ")}`);
  },
};
