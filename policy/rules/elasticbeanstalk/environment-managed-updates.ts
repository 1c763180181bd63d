import { show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { pinnedPlatform, settings } from "../../core/workloads";

export const environmentManagedUpdates: ResourceRule = {
  scope: "resource",
  name: "environment-managed-updates",
  types: [T.beanstalk],
  holds: "Beanstalk applies updates of its platform by itself, or the program pins the platform.",
  why: "Platforms nobody updates gather holes and lose support.",
  mend: "set aws:elasticbeanstalk:managedactions ManagedActionsEnabled to true, or name the platform and move it yourself",
  severity: "high",
  level: "mandatory",
  ids: { F: ["ElasticBeanstalk.2"], N: ["EB3"], K: ["340"] },
  check(environment, { report }) {
    const on = settings(environment)("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled");
    if (on !== "true" && pinnedPlatform(environment).length === 0)
      report(environment, `must have managed updates, got ${show(on)}`);
  },
};
