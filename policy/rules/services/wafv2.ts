import type { Rule } from "../../pack/rule";
import { at, block, blocks, isTrue, list, show, text, texts } from "../../stack/read";
import { T } from "../../stack/types";

const logging = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";

/** Rules of a web ACL that are resources of their own. */
const separateRules = [
  "aws:wafv2/webAclRule:WebAclRule",
  "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation",
];

/** Rules for WAF. */
export const wafv2Rules: readonly Rule[] = [
  {
    scope: "resource",
    name: "web-acl-log-destination",
    types: [logging],
    description: "The log of a web ACL goes to a destination whose name begins with aws-waf-logs-.",
    rationale: "WAF refuses every other destination, so that the deployment fails and nothing is logged.",
    fix: "name the log group, bucket or delivery stream aws-waf-logs-<name>",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/waf/latest/developerguide/logging-destinations.html",
    check(log, { report }) {
      const [arn] = list(log.props["logDestinationConfigs"]).map(text);
      if (arn === undefined || !/^arn:[\w-]+:(logs|s3|firehose):/.test(arn)) return;
      if (!/(:|\/)aws-waf-logs-[^:/]*/.test(arn))
        report(log, `must log to a destination whose name begins with aws-waf-logs-, got ${show(arn)}`);
    },
  },
  {
    scope: "stack",
    name: "web-acl-log-redaction",
    types: [logging],
    description: "The log of a web ACL leaves out the authorization header of requests.",
    rationale: "Each person who may read the log could otherwise use the tokens of clients.",
    fix: 'add { singleHeader: { name: "authorization" } } to redactedFields',
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: {},
    url: "https://docs.aws.amazon.com/waf/latest/developerguide/logging-management.html",
    check(log, { stack, report }) {
      // The ACL itself may put a hash or a fixed text in place of the header, in all its output.
      const isReplaced = stack
        .targets(log, "resourceArn", T.webAcl)
        .flatMap(({ props }) => blocks(at(props, "dataProtectionConfig.dataProtections")))
        .map((one) => block(one["field"]))
        .some((field) =>
          texts(field["fieldKeys"]).some(
            (key) => field["fieldType"] === "SINGLE_HEADER" && key.toLowerCase() === "authorization",
          ),
        );
      if (isReplaced) return;
      const left = blocks(log.props["redactedFields"]).map((field) =>
        text(at(field, "singleHeader.name")).toLowerCase(),
      );
      if (!left.includes("authorization")) report(log, "must leave out the authorization header, got it in the log");
    },
  },
  {
    scope: "stack",
    name: "web-acl-logging",
    types: [T.webAcl],
    description: "A web ACL logs which requests it allows and blocks.",
    rationale: "Without the log there is no way to find out why the request of a customer was blocked.",
    fix: "add an aws.wafv2.WebAclLoggingConfiguration",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: { securityHub: ["WAF.11"], cdkNag: ["WAFv2LoggingEnabled"], checkov: ["CKV2_AWS_31"] },
    check(acl, { stack, report }) {
      if (stack.referrers(acl, logging, "resourceArn").length === 0)
        report(acl, "must log the requests that it allows and blocks, got no logging configuration");
    },
  },
  {
    scope: "stack",
    name: "web-acl-metrics",
    types: [T.webAcl],
    description: "A web ACL and each of its rules publish metrics.",
    rationale: "A rule that blocks valid requests is noticed by its metric first.",
    fix: "set visibilityConfig.cloudwatchMetricsEnabled to true on the ACL and each rule",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: { securityHub: ["WAF.12"] },
    check(acl, { report }) {
      const parts = [
        ["itself", acl.props, "visibilityConfig"] as const,
        ...blocks(acl.props["rules"]).map(
          (rule, i) => [`rule ${show(rule["name"])}`, rule, `rules.${i}.visibilityConfig`] as const,
        ),
      ];
      const silent = parts.filter(([, part]) => !isTrue(block(part["visibilityConfig"])["cloudwatchMetricsEnabled"]));
      if (silent.length > 0)
        report(
          acl,
          `must publish metrics, got no cloudwatchMetricsEnabled for ${silent.map(([name]) => name).join(", ")}`,
          `set ${silent.map(([, , path]) => `${path}.cloudwatchMetricsEnabled to true`).join(" and ")}`,
        );
    },
  },
  {
    scope: "stack",
    name: "web-acl-rules",
    types: [T.webAcl],
    description: "A web ACL has rules, or blocks requests by default.",
    rationale: "An ACL without rules lets every request through, although it looks like protection.",
    fix: "add rules, such as AWSManagedRulesCommonRuleSet and a rate limit",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["WAF.10"], checkov: ["CKV_AWS_175"] },
    check(acl, { stack, report }) {
      if (separateRules.some((type) => stack.referrers(acl, type, "webAclArn").length > 0)) return;
      const refuses = block(acl.props["defaultAction"])["block"] !== undefined;
      if (list(acl.props["rules"]).length === 0 && acl.props["ruleJson"] === undefined && !refuses)
        report(acl, "must have rules, got none");
    },
  },
];
