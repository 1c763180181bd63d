import { number, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const logGroupRetention: ResourceRule = {
  scope: "resource",
  name: "log-group-retention",
  types: [T.logGroup],
  holds: "Logs expire.",
  why: "CloudWatch keeps them for ever otherwise, and bills for it.",
  mend: "set retentionInDays",
  severity: "low",
  level: "mandatory",
  ids: { F: ["CloudWatch.16"], N: ["CloudWatchLogGroupRetentionPeriod"], K: ["66", "338"] },
  settings: { days: { type: "integer", description: "Days that remediation sets.", default: 90, dev: 7 } },
  check(group, { report }) {
    const days = number(group.props["retentionInDays"]) ?? 0;
    if (days <= 0) report(group, `must expire, got retentionInDays ${show(group.props["retentionInDays"])}`);
  },
  remediate(props, { setting }) {
    if ((number(props["retentionInDays"]) ?? 0) > 0) return undefined;
    props["retentionInDays"] = setting<number>("days");
    return props;
  },
};
