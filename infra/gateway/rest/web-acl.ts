import type * as apigateway from "@pulumi/aws/apigateway";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as wafv2 from "@pulumi/aws/wafv2";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmTarget, alarmActions } from "../../observability/alarm-actions";

/** What a web ACL refuses in addition to AWS's managed rules. */
export interface WebAclLimits {
  /** Requests from one address in five minutes, 10 at least. */
  readonly requestsPerFiveMinutes: number;
}

/** Arguments of `WebAcl`. */
export interface WebAclArgs extends AlarmTarget {
  /** What it protects, for people. */
  readonly title: string;
  readonly region: string;
  readonly limits: WebAclLimits;
  readonly stages: readonly apigateway.Stage[];
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

/** Refused requests in five minutes, twice in a row, that an operator should look at: an attack, or a rule that is wrong. */
const blockedToLookAt = 100;

/**
 * The web application firewall of a REST API's stages: AWS's managed rules and a limit by address, with a log and an alarm.
 * It decides before the authorizer and the resource policy do.
 */
export class WebAcl extends pulumi.ComponentResource {
  constructor(name: string, args: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:WebAcl", name, {}, opts);
    const acl = this.createAcl(name, args);
    this.createLog(name, args, acl);
    this.createAlarm(name, args);
    for (const [i, stage] of args.stages.entries()) {
      new wafv2.WebAclAssociation(
        i === 0 ? `${name}-stage` : `${name}-stage-${i}`,
        { resourceArn: stage.arn, webAclArn: acl.arn },
        { parent: this },
      );
    }
    this.registerOutputs({ webAclArn: acl.arn });
  }

  private createAcl(name: string, { title, limits }: WebAclArgs): wafv2.WebAcl {
    const { requestsPerFiveMinutes: limit } = limits;
    return new wafv2.WebAcl(
      `${name}-acl`,
      {
        description: title,
        scope: "REGIONAL",
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
  private createLog(name: string, { logRetentionDays }: WebAclArgs, acl: wafv2.WebAcl): void {
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
        redactedFields: secretHeaders.map((header) => ({ singleHeader: { name: header } })),
      },
      { parent: this },
    );
  }

  private createAlarm(name: string, args: WebAclArgs): void {
    new cloudwatch.MetricAlarm(
      `${name}-blocked`,
      {
        alarmDescription: `${args.title}: the firewall refuses ${blockedToLookAt} requests or more in five minutes`,
        namespace: "AWS/WAFV2",
        metricName: "BlockedRequests",
        dimensions: { WebACL: name, Rule: "ALL", Region: args.region },
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

/** @param metricName  name of the rule, or of the whole, in CloudWatch */
function visibility(metricName: string) {
  return { cloudwatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true };
}
