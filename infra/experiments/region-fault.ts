import * as pulumi from "@pulumi/pulumi";
import { allow, type Statement } from "../security/iam";
import { type Fault, type FaultPlace, inTargets, isoMinutes } from "./fault";
import { type CutNetwork, cut, cutStatements, subnetArn } from "./network-fault";

/** Arguments of `dependencyFault`. */
export interface DependencyFaultArgs extends FaultPlace {
  readonly network: CutNetwork;
  readonly minutes: number;
}

/** Arguments of `regionFault`. */
export interface RegionFaultArgs extends DependencyFaultArgs {
  /** ARNs of the tables that are replicated to the other region, as this region has them. */
  readonly tableArns: readonly pulumi.Input<string>[];
}

/**
 * Returns the loss of DynamoDB: servers in every zone get no answer from it. Functions outside the VPC do not notice.
 * Denials of DynamoDB's addresses are added to a copy of each subnet's network ACL, which may then have 20 entries.
 */
export function dependencyFault(args: DependencyFaultArgs): Fault {
  return {
    description: `Servers in ${args.region} get no answer from DynamoDB for ${args.minutes} minutes.`,
    ...cutServers(args, "dynamodb"),
  };
}

/**
 * Returns what comes nearest to the loss of a region: all servers are cut off, so that probes of the region fail, and the
 * tables exchange nothing with the other region. Gateways, functions and the user pool go on.
 */
export function regionFault(args: RegionFaultArgs): Fault {
  const { region, minutes, tableArns } = args;
  const servers = cutServers(args, "all");
  const tables = inTargets(tableArns).map((arns, i) => ({ name: `tables-${i + 1}`, arns }));
  const parameters = { duration: isoMinutes(minutes) };
  return {
    description: `Servers in ${region} are cut off, and tables not replicated, for ${minutes} minutes.`,
    targets: [
      ...servers.targets,
      ...tables.map(
        ({ name, arns }) =>
          ({ name, resourceType: "aws:dynamodb:global-table", selectionMode: "ALL", resourceArns: arns }) as const,
      ),
    ],
    actions: [
      ...servers.actions,
      ...tables.map(({ name }) => ({
        name: `no-replication-of-${name}`,
        actionId: "aws:dynamodb:global-table-pause-replication",
        target: { key: "Tables", value: name },
        parameters,
      })),
    ],
    statements: [...servers.statements, replicationStatement(tableArns)],
  };
}

/** Returns the part of a fault that drops packets of all subnets with servers. A region has at most four of them. */
function cutServers(args: DependencyFaultArgs, scope: "all" | "dynamodb"): Omit<Fault, "description"> {
  const { network, minutes } = args;
  const subnets = network.zones.map((_, place) =>
    subnetArn(
      args,
      pulumi.output(network.privateSubnetIds).apply((ids) => ids[place]!),
    ),
  );
  return {
    targets: [{ name: "servers", resourceType: "aws:ec2:subnet", selectionMode: "ALL", resourceArns: subnets }],
    actions: [cut("cut-servers", "servers", scope, isoMinutes(minutes))],
    statements: cutStatements(args, network.vpcId, subnets),
  };
}

/**
 * Returns what the role needs to pause replication: FIS adds statements to the policies of tables and streams that refuse
 * DynamoDB's own replication until the experiment's end, and takes them away.
 * @see https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html#global-table-pause-replication
 */
function replicationStatement(tableArns: readonly pulumi.Input<string>[]): Statement {
  return allow(
    [
      "dynamodb:DeleteResourcePolicy",
      "dynamodb:DescribeTable",
      "dynamodb:GetResourcePolicy",
      "dynamodb:PutResourcePolicy",
    ],
    tableArns.flatMap((arn) => [arn, pulumi.interpolate`${arn}/stream/*`]),
  );
}
