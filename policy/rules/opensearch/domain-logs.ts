import { blocks } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

const wanted = ["AUDIT_LOGS", "ES_APPLICATION_LOGS", "SEARCH_SLOW_LOGS", "INDEX_SLOW_LOGS"];

export const domainLogs: ResourceRule = {
  scope: "resource",
  name: "domain-logs",
  types: [T.search],
  holds: "A search domain publishes its audit, error and slow logs.",
  why: "Who read what, and why it is slow, is told nowhere else.",
  mend: "set logPublishingOptions for each",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["Opensearch.4", "Opensearch.5"], N: ["OS9"], K: ["84", "317"] },
  check(domain, { report }) {
    const on = blocks(domain.props["logPublishingOptions"])
      .filter((one) => one["enabled"] !== false)
      .map((one) => one["logType"]);
    const missing = wanted.filter((type) => !on.includes(type));
    if (missing.length > 0) report(domain, `must publish its logs, got no ${missing.join(", ")}`);
  },
};
