import { failoverOf } from "../../core/paths";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

export const primaryHealthCheck: ResourceRule = {
  scope: "resource",
  name: "primary-health-check",
  types: [T.record],
  holds: "A primary record has a health check.",
  why: "Without one an alias to a gateway fails over only when the whole service is down in the region.",
  mend: "set healthCheckId",
  severity: "critical",
  level: "mandatory",
  ids: { availability: 30 },
  url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-configuring.html",
  check(record, { report }) {
    if (failoverOf(record) !== "PRIMARY") return;
    const check = peek(() => record.props["healthCheckId"]);
    if (check === undefined || check === "") report(record, "must be checked, got no healthCheckId");
  },
};
