import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type Owner, ownerOf } from "./endpoint-policies";

export interface FlowLogsArgs {
  readonly vpcId: pulumi.Input<string>;
  /** A number of days CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, ... */
  readonly retentionDays: number;
}

/** Accepted and refused traffic of a VPC, minute by minute, in a log group of its own. */
export class FlowLogs extends pulumi.ComponentResource {
  /** Partition, region and account of the network, known from the log group. */
  readonly owner: pulumi.Output<Owner>;

  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:FlowLogs", name, {}, opts);
    const group = new cloudwatch.LogGroup(`${name}-group`, { retentionInDays: args.retentionDays }, { parent: this });
    this.owner = group.arn.apply(ownerOf);
    const role = new iam.Role(
      `${name}-role`,
      { description: "Delivers VPC flow logs", assumeRolePolicy: this.owner.apply(trustPolicy) },
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
 * Only flow logs of this account and region may take the role: without the conditions another account could have the
 * service write here on its behalf.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
export function trustPolicy(owner: Owner): string {
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

/** Writing to the one group; the group itself and its retention are not the service's to make. */
export function deliveryPolicy(groupArn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: [groupArn, `${groupArn}:*`],
      },
    ],
  });
}
