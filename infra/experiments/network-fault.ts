import * as pulumi from "@pulumi/pulumi";
import type { NetworkOutputs } from "../contract/layer-outputs";
import { allow, type Condition, type Statement } from "../security/iam";
import { type Fault, type FaultPlace, isoMinutes } from "./fault";

/** A network that a fault cuts. */
export type CutNetwork = Pick<
  NetworkOutputs,
  "vpcId" | "zones" | "publicSubnetIds" | "privateSubnetIds" | "isolatedSubnetIds"
>;

/** Arguments of `zoneFault`. */
export interface ZoneFaultArgs extends FaultPlace {
  readonly network: CutNetwork;
  /** One of the network's zones. */
  readonly zone: string;
  readonly minutes: number;
  /** Whether Auto Scaling groups run servers, which could otherwise start new ones in the zone. */
  readonly groups: boolean;
}

/**
 * Returns the loss of a zone: all of its subnets are cut off, and Auto Scaling gets no instance there. Packets are dropped
 * and nothing is refused, as when a zone loses its power or its network.
 *
 * A subnet is cut off by a copy of its network ACL that denies everything; within one subnet no network ACL applies.
 */
export function zoneFault(args: ZoneFaultArgs): Fault {
  const { network, zone, minutes, environment, region } = args;
  const index = network.zones.indexOf(zone);
  if (index < 0) {
    throw new RangeError(`zone "${zone}": must be one of ${network.zones.join(", ")}; correct the experiment`);
  }
  const { publicSubnetIds, privateSubnetIds, isolatedSubnetIds } = network;
  const subnets = [publicSubnetIds, privateSubnetIds, isolatedSubnetIds].map((ids) =>
    subnetArn(
      args,
      pulumi.output(ids).apply((all) => all[index]!),
    ),
  );
  const duration = isoMinutes(minutes);
  return {
    description: `Zone ${zone} is cut off for ${minutes} minutes.`,
    targets: [
      { name: "subnets", resourceType: "aws:ec2:subnet", selectionMode: "ALL", resourceArns: subnets },
      ...(args.groups
        ? [
            {
              name: "groups",
              resourceType: "aws:ec2:autoscaling-group",
              selectionMode: "ALL",
              resourceTags: { environment, region },
            } as const,
          ]
        : []),
    ],
    actions: [
      cut("cut-zone", "subnets", "all", duration),
      ...(args.groups
        ? [
            {
              name: "no-instances",
              actionId: "aws:ec2:asg-insufficient-instance-capacity-error",
              target: { key: "AutoScalingGroups", value: "groups" },
              parameters: { duration, availabilityZoneIdentifiers: zone },
            },
          ]
        : []),
    ],
    statements: [...cutStatements(args, network.vpcId, subnets), ...(args.groups ? noInstanceStatements : [])],
  };
}

/** Returns the action that drops the packets of subnets. @param scope  which of them */
export function cut(
  name: string,
  target: string,
  scope: "all" | "dynamodb",
  duration: string,
): Fault["actions"][number] {
  return {
    name,
    actionId: "aws:network:disrupt-connectivity",
    target: { key: "Subnets", value: target },
    parameters: { scope, duration },
  };
}

/** Returns the ARN of a subnet. */
export function subnetArn({ region, account }: FaultPlace, id: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`arn:aws:ec2:${region}:${account}:subnet/${id}`;
}

/**
 * Returns what the role needs to cut subnets: it makes network ACLs in this VPC with FIS's tag, fills and deletes those
 * alone, and gives them to these subnets alone.
 * @see https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html#disrupt-connectivity
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSFaultInjectionSimulatorNetworkAccess.html
 */
export function cutStatements(
  place: FaultPlace,
  vpcId: pulumi.Input<string>,
  subnets: readonly pulumi.Input<string>[],
): Statement[] {
  const { region, account } = place;
  const acls = pulumi.interpolate`arn:aws:ec2:${region}:${account}:network-acl/*`;
  const vpc = pulumi.interpolate`arn:aws:ec2:${region}:${account}:vpc/${vpcId}`;
  const inVpc: Condition = { ArnEquals: { "ec2:Vpc": vpc } };
  const requested = { "aws:RequestTag/managedByFIS": "true" };
  return [
    allow(["ec2:CreateNetworkAcl"], vpc),
    allow(["ec2:CreateNetworkAcl"], acls, { StringEquals: requested }),
    allow(["ec2:CreateTags"], acls, { StringEquals: { "ec2:CreateAction": "CreateNetworkAcl", ...requested } }),
    allow(["ec2:CreateNetworkAclEntry", "ec2:DeleteNetworkAcl"], acls, {
      ...inVpc,
      StringEquals: { "aws:ResourceTag/managedByFIS": "true" },
    }),
    allow(["ec2:ReplaceNetworkAclAssociation"], subnets),
    // Both the copy and the program's own, which comes back.
    allow(["ec2:ReplaceNetworkAclAssociation"], acls, inVpc),
    allow(
      ["ec2:DescribeManagedPrefixLists", "ec2:DescribeNetworkAcls", "ec2:DescribeSubnets", "ec2:DescribeVpcs"],
      "*",
    ),
    // The addresses of DynamoDB are a list of AWS's own account.
    allow(["ec2:GetManagedPrefixListEntries"], `arn:aws:ec2:${region}:aws:prefix-list/*`),
  ];
}

/**
 * What the role needs so that Auto Scaling gets no instances. Beanstalk chooses the names of its groups, so that the role is
 * not limited to single ones; the target is.
 * @see https://docs.aws.amazon.com/fis/latest/userguide/security_iam_id-based-policy-examples.html
 */
const noInstanceStatements: readonly Statement[] = [
  allow(["ec2:InjectApiError"], "*", {
    StringEquals: { "ec2:FisActionId": "aws:ec2:asg-insufficient-instance-capacity-error" },
  }),
  allow(["autoscaling:DescribeAutoScalingGroups", "tag:GetResources"], "*"),
];
