import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type Owner, ownerOf } from "./endpoint-policies";

/** Arguments of `FlowLogs`. */
export interface FlowLogsArgs {
  readonly vpcId: pulumi.Input<string>;
  /** A number of days that CloudWatch Logs accepts: 1, 3, 5, 7, 14, 30, 60, 90, ... */
  readonly retentionDays: number;
}

/** Flow logs of a VPC: its accepted and refused traffic, once a minute, in a log group of their own. */
export class FlowLogs extends pulumi.ComponentResource {
  /** Partition, region and account of the network, read from the ARN of the log group. */
  readonly owner: pulumi.Output<Owner>;

  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:FlowLogs", name, {}, opts);
    const group = new cloudwatch.LogGroup(`${name}-group`, { retentionInDays: args.retentionDays }, { parent: this });
    this.owner = group.arn.apply(ownerOf);
    const role = new iam.Role(
      `${name}-role`,
      { description: "Delivers VPC flow logs", assumeRolePolicy: this.owner.apply(flowLogTrustPolicy) },
      { parent: this },
    );
    const policy = new iam.RolePolicy(
      `${name}-policy`,
      { role: role.name, policy: group.arn.apply(deliveryPolicy) },
      { parent: this },
    );
    new ec2.FlowLog(
      `${name}-log`,
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
      },
      { parent: this, dependsOn: [policy] },
    );
    this.registerOutputs({ owner: this.owner });
  }
}

/**
 * Returns the trust policy of the role: only flow logs of this account and region may assume it. Without the conditions
 * another account could make the AWS service write here on its behalf.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
function flowLogTrustPolicy(owner: Owner): string {
  const { partition, region, accountId } = owner;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:${partition}:ec2:${region}:${accountId}:vpc-flow-log/*` },
        },
      },
    ],
  });
}

/**
 * Returns the policy that allows writing to the log group, but not to make the group or change its retention.
 * DescribeLogGroups lists groups and takes no single one.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
function deliveryPolicy(groupArn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: [groupArn, `${groupArn}:*`],
      },
      { Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: "*" },
    ],
  });
}
