import { show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { settings } from "../../core/workloads";

export const environmentLogs: ResourceRule = {
  scope: "resource",
  name: "environment-logs",
  types: [T.beanstalk],
  holds: "Beanstalk streams its servers' logs.",
  why: "Logs on a server are gone when it is replaced.",
  mend: "set aws:elasticbeanstalk:cloudwatch:logs StreamLogs to true",
  severity: "high",
  level: "production",
  ids: { F: ["ElasticBeanstalk.3"], N: ["EB4"] },
  check(environment, { report }) {
    const on = settings(environment)("aws:elasticbeanstalk:cloudwatch:logs", "StreamLogs");
    if (on !== "true") report(environment, `must stream its logs, got StreamLogs ${show(on)}`);
  },
};
