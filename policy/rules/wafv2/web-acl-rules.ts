import { list } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const webAclRules: ResourceRule = {
  scope: "resource",
  name: "web-acl-rules",
  types: [T.webAcl],
  holds: "A web ACL has rules.",
  why: "One without lets everything through and looks like protection.",
  mend: "add rules, such as AWSManagedRulesCommonRuleSet and a rate limit",
  severity: "medium",
  level: "production",
  ids: { F: ["WAF.10"], K: ["175", "342"] },
  check(acl, { report }) {
    if (list(acl.props["rules"]).length === 0 && acl.props["ruleJson"] === undefined)
      report(acl, "must have rules, got none");
  },
};
