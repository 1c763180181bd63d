import { block, blocks, isTrue, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const webAclMetrics: ResourceRule = {
  scope: "resource",
  name: "web-acl-metrics",
  types: [T.webAcl],
  holds: "A web ACL and its rules are measured.",
  why: "A rule that refuses good requests shows in its metric first.",
  mend: "set visibilityConfig.cloudwatchMetricsEnabled to true on the ACL and each rule",
  severity: "medium",
  level: "production",
  ids: { F: ["WAF.12"] },
  check(acl, { report }) {
    const parts = [
      ["the ACL", acl.props] as const,
      ...blocks(acl.props["rules"]).map((rule) => [`rule ${show(rule["name"])}`, rule] as const),
    ];
    for (const [name, part] of parts) {
      if (!isTrue(block(part["visibilityConfig"])["cloudwatchMetricsEnabled"]))
        report(acl, `must measure ${name}, got no cloudwatchMetricsEnabled`);
    }
  },
};
