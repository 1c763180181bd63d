import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const webAclLogging: StackRule = {
  scope: "stack",
  name: "web-acl-logging",
  types: [T.webAcl],
  holds: "A web ACL logs what it decides.",
  why: "Without the log nobody can tell a blocked customer why.",
  mend: "add an aws.wafv2.WebAclLoggingConfiguration",
  severity: "medium",
  level: "production",
  ids: { F: ["WAF.11"], N: ["WAFv2LoggingEnabled"], K: ["g31"] },
  check(acl, { stack, report }) {
    const found = stack.referrers(
      acl,
      "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
      "resourceArn",
    );
    if (found.length === 0) report(acl, "must log its decisions, got none");
  },
};
