import { list } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const zoneQueryLog: StackRule = {
  scope: "stack",
  name: "zone-query-log",
  types: [T.zone],
  holds: "A public zone logs its queries.",
  why: "Who asked for which name is the first trace of many attacks.",
  mend: "add an aws.route53.QueryLog, with a log group in us-east-1",
  severity: "medium",
  level: "advisory",
  ids: { F: ["Route53.2"], K: ["g39"] },
  check(zone, { stack, report }) {
    if (list(zone.props["vpcs"]).length > 0) return;
    if (stack.referrers(zone, "aws:route53/queryLog:QueryLog", "zoneId").length === 0)
      report(zone, "must log its queries, got no query log");
  },
};
