import type * as apigateway from "@pulumi/aws/apigateway";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as wafv2 from "@pulumi/aws/wafv2";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmTarget, alarmActions } from "../observability/alarm-actions";

/** What a web ACL refuses in addition to AWS's managed rules. */
export interface WebAclLimits {
  /** Requests from one address in five minutes, 10 at least. */
  readonly requestsPerFiveMinutes: number;
}

/** What a web ACL is in front of: stages of REST APIs in its region, or distributions, which name it themselves. */
type Protected =
  | { readonly scope: "REGIONAL"; readonly region: string; readonly stages: readonly apigateway.Stage[] }
  | { readonly scope: "CLOUDFRONT" };

/** Arguments of `WebAcl`. */
export interface WebAclArgs extends AlarmTarget {
  /** What it protects, for people. */
  readonly title: string;
  readonly limits: WebAclLimits;
  readonly protects: Protected;
  readonly logRetentionDays: number;
}

/**
 * AWS's rules, in their order, and those of them that only count: bodies over 8 KB are usual here, and the API's models say
 * which are too large.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
const managedRules: readonly (readonly [name: string, counted: readonly string[]])[] = [
  ["AWSManagedRulesAmazonIpReputationList", []],
  ["AWSManagedRulesCommonRuleSet", ["SizeRestrictions_BODY"]],
  ["AWSManagedRulesKnownBadInputsRuleSet", []],
];

/** Headers whose values no log may have. */
const secretHeaders = ["authorization", "cookie", "x-api-key"];
/** What no log of pages may have in addition: a sign-in returns with its code in the query, which a browser may repeat. */
const secretOfPages = [{ queryString: {} }, { singleHeader: { name: "referer" } }];

/** Refused requests in five minutes, twice in a row, that an operator should look at: an attack, or a rule that is wrong. */
const blockedToLookAt = 100;

/**
 * A web application firewall: AWS's managed rules and a limit by address, with a log and an alarm. It decides before what
 * it protects does: the authorizer and the resource policy of an API, the cache of a distribution. One of scope
 * CLOUDFRONT and all that belongs to it is in us-east-1; its provider must be of that region.
 */
export class WebAcl extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:WebAcl", name, {}, opts);
    const acl = this.createAcl(name, args);
    this.createLog(name, args, acl);
    this.createAlarm(name, args);
    this.arn = acl.arn;
    const stages = args.protects.scope === "REGIONAL" ? args.protects.stages : [];
    for (const [i, stage] of stages.entries()) {
      new wafv2.WebAclAssociation(
        i === 0 ? `${name}-stage` : `${name}-stage-${i}`,
        { resourceArn: stage.arn, webAclArn: acl.arn },
        { parent: this },
      );
    }
    this.registerOutputs({ webAclArn: acl.arn });
  }

  private createAcl(name: string, { title, limits, protects }: WebAclArgs): wafv2.WebAcl {
    const { requestsPerFiveMinutes: limit } = limits;
    return new wafv2.WebAcl(
      `${name}-acl`,
      {
        description: title,
        scope: protects.scope,
        defaultAction: { allow: {} },
        rules: [
          {
            name: "limit-by-address",
            priority: 0,
            action: { block: {} },
            statement: { rateBasedStatement: { aggregateKeyType: "IP", limit, evaluationWindowSec: 300 } },
            visibilityConfig: visibility("limit-by-address"),
          },
          ...managedRules.map(([rules, counted], i) => ({
            name: rules,
            priority: i + 1,
            overrideAction: { none: {} },
            statement: {
              managedRuleGroupStatement: {
                vendorName: "AWS",
                name: rules,
                ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
              },
            },
            visibilityConfig: visibility(rules),
          })),
        ],
        visibilityConfig: visibility(name),
      },
      { parent: this },
    );
  }

  /** WAF writes to groups of this prefix only. */
  private createLog(name: string, { logRetentionDays, protects }: WebAclArgs, acl: wafv2.WebAcl): void {
    const log = new cloudwatch.LogGroup(
      `${name}-log`,
      { namePrefix: `aws-waf-logs-${name}-`, retentionInDays: logRetentionDays },
      { parent: this },
    );
    new wafv2.WebAclLoggingConfiguration(
      `${name}-logging`,
      {
        resourceArn: acl.arn,
        logDestinationConfigs: [log.arn],
        redactedFields: [
          ...secretHeaders.map((header) => ({ singleHeader: { name: header } })),
          ...(protects.scope === "CLOUDFRONT" ? secretOfPages : []),
        ],
      },
      { parent: this },
    );
  }

  private createAlarm(name: string, args: WebAclArgs): void {
    // Metrics of distributions have no region.
    const region: Record<string, string> = args.protects.scope === "REGIONAL" ? { Region: args.protects.region } : {};
    new cloudwatch.MetricAlarm(
      `${name}-blocked`,
      {
        alarmDescription: `${args.title}: the firewall refuses ${blockedToLookAt} requests or more in five minutes`,
        namespace: "AWS/WAFV2",
        metricName: "BlockedRequests",
        dimensions: { WebACL: name, Rule: "ALL", ...region },
        statistic: "Sum",
        period: 300,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: blockedToLookAt,
        evaluationPeriods: 2,
        treatMissingData: "notBreaching",
        ...alarmActions(args),
      },
      { parent: this },
    );
  }
}

/**
 * Samples would have the secrets of requests, which redacted fields leave out of the log alone.
 * @param metricName  name of the rule, or of the whole, in CloudWatch
 */
function visibility(metricName: string) {
  return { cloudwatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false };
}
