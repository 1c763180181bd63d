import { show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const insufficientData: ResourceRule = {
  scope: "resource",
  name: "insufficient-data",
  types: [T.healthCheck],
  holds: "A check of an alarm does not take silence for health.",
  why: "A region that is down sends no metrics.",
  mend: "set insufficientDataHealthStatus to Unhealthy or LastKnownStatus",
  severity: "high",
  level: "mandatory",
  ids: { availability: 35 },
  url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
  check(check, { report }) {
    if (check.props["type"] !== "CLOUDWATCH_METRIC") return;
    const status = check.props["insufficientDataHealthStatus"];
    if (!["Unhealthy", "LastKnownStatus"].includes(status))
      report(check, `must not be healthy without data, got ${show(status)}`);
  },
};
