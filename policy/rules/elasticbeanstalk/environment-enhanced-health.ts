import { show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { settings } from "../../core/workloads";

export const environmentEnhancedHealth: ResourceRule = {
  scope: "resource",
  name: "environment-enhanced-health",
  types: [T.beanstalk],
  holds: "Beanstalk judges health by requests and processes, not by a ping.",
  why: "Basic health knows no error rates, and rolling deployments go on over failing servers.",
  mend: "set aws:elasticbeanstalk:healthreporting:system SystemType to enhanced",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["ElasticBeanstalk.1"], K: ["312"] },
  check(environment, { report }) {
    const type = settings(environment)("aws:elasticbeanstalk:healthreporting:system", "SystemType");
    if (type !== "enhanced") report(environment, `must have enhanced health, got ${show(type)}`);
  },
};
