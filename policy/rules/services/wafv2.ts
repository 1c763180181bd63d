import type { Rule } from "../../pack/rule";
import { block, blocks, isTrue, list, show } from "../../stack/read";
import { T } from "../../stack/types";

/** Rules for WAF. */
export const wafv2Rules: readonly Rule[] = [
  {
    scope: "stack",
    name: "web-acl-logging",
    types: [T.webAcl],
    description: "A web ACL logs what it decides.",
    rationale: "Without the log nobody can tell a blocked customer why.",
    fix: "add an aws.wafv2.WebAclLoggingConfiguration",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["WAF.11"], cdkNag: ["WAFv2LoggingEnabled"], checkov: ["CKV2_AWS_31"] },
    check(acl, { stack, report }) {
      const found = stack.referrers(
        acl,
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        "resourceArn",
      );
      if (found.length === 0) report(acl, "must log its decisions, got none");
    },
  },
  {
    scope: "resource",
    name: "web-acl-metrics",
    types: [T.webAcl],
    description: "A web ACL and its rules are measured.",
    rationale: "A rule that refuses good requests shows in its metric first.",
    fix: "set visibilityConfig.cloudwatchMetricsEnabled to true on the ACL and each rule",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["WAF.12"] },
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
  },
  {
    scope: "resource",
    name: "web-acl-rules",
    types: [T.webAcl],
    description: "A web ACL has rules.",
    rationale: "One without lets everything through and looks like protection.",
    fix: "add rules, such as AWSManagedRulesCommonRuleSet and a rate limit",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["WAF.10"], checkov: ["CKV_AWS_175", "CKV_AWS_342"] },
    check(acl, { report }) {
      if (list(acl.props["rules"]).length === 0 && acl.props["ruleJson"] === undefined)
        report(acl, "must have rules, got none");
    },
  },
];
