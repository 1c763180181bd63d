import { regionsIn } from "../../core/names";
import { list } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";
import { userData } from "../../core/workloads";

/** What a resource tells its code, or calls. */
const places: Readonly<Record<string, readonly string[]>> = {
  [T.function]: ["environment"],
  [T.ecsTask]: ["containerDefinitions"],
  [T.launchTemplate]: ["userData"],
  [T.beanstalk]: ["settings"],
  [T.integration]: ["integrationUri"],
  "aws:apigateway/integration:Integration": ["uri"],
};

export const noForeignRegion: StackRule = {
  scope: "stack",
  name: "no-foreign-region",
  types: Object.keys(places),
  holds: "Nothing in a region names another one.",
  why: "A region that calls another is down when either is.",
  mend: "use the region's own resource",
  severity: "high",
  level: "mandatory",
  ids: { availability: 38 },
  url: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html",
  settings: {
    allowed: {
      type: "array",
      description: "Regions that may be named anywhere, such as that of a global service.",
      default: [],
    },
  },
  check(resource, { stack, report, setting }) {
    const home = stack.regionOf(resource);
    if (home === undefined) return;
    for (const path of places[resource.type] ?? []) {
      const value = resource.type === T.launchTemplate ? userData(resource) : resource.props[path];
      const foreign = [...regionsIn(value)].filter((one) => one !== home && !list(setting("allowed")).includes(one));
      if (foreign.length > 0) report(resource, `must name no region but ${home} in ${path}, got ${foreign.join(", ")}`);
    }
  },
};
