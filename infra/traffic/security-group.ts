import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { NetworkOutputs } from "../contract/layer-outputs";
import { type Flow, serverToHttps, workloadToEndpoint, workloadToStorage } from "./flows";

/** Arguments of `createSecurityGroup`. */
export interface SecurityGroupArgs {
  readonly vpcId: Input<string>;
  /** Description in the console. AWS cannot change it, so a new text replaces the group. */
  readonly description: string;
}

/**
 * Makes a security group without rules, which lets nothing in and nothing out. Rules are resources of their own
 * (`connectGroups`, `allowHttpsOut`): rules inside the group and rule resources would undo each other.
 * @throws {RangeError} when EC2 would refuse the description
 */
export function createSecurityGroup(
  name: string,
  args: SecurityGroupArgs,
  opts: CustomResourceOptions,
): ec2.SecurityGroup {
  return new ec2.SecurityGroup(
    name,
    {
      vpcId: args.vpcId,
      description: checkDescription(name, args.description),
      // Beanstalk adds rules of its own between groups; left in place they would block the deletion of both.
      revokeRulesOnDelete: true,
    },
    opts,
  );
}

/** Arguments of `connectGroups`. */
export interface ConnectGroupsArgs {
  readonly flow: Flow;
  /** Id of the group whose members open the connection. */
  readonly from: Input<string>;
  /** Id of the group whose members accept it. */
  readonly to: Input<string>;
}

/**
 * Makes the two rules that let members of one security group connect to members of another on the ports of a flow: the
 * outbound rule `${name}-egress` of the first group, the inbound rule `${name}-ingress` of the second.
 */
export function connectGroups(name: string, args: ConnectGroupsArgs, opts: CustomResourceOptions) {
  const egress = new vpc.SecurityGroupEgressRule(
    `${name}-egress`,
    { securityGroupId: args.from, referencedSecurityGroupId: args.to, ...portsOf(args.flow) },
    opts,
  );
  const ingress = new vpc.SecurityGroupIngressRule(
    `${name}-ingress`,
    { securityGroupId: args.to, referencedSecurityGroupId: args.from, ...portsOf(args.flow) },
    opts,
  );
  return { egress, ingress };
}

/**
 * Makes the rule that lets members of a security group connect to any address by HTTPS: to hosts outside AWS, and to AWS
 * APIs behind NAT where there are no endpoints. It is the only outbound rule to any address.
 * @param flow  a flow to port 443, usually `serverToHttps()`
 * @throws {RangeError} when the flow is to other ports
 */
export function allowHttpsOut(name: string, groupId: Input<string>, flow: Flow, opts: CustomResourceOptions) {
  if (flow.fromPort !== 443 || flow.toPort !== 443) {
    throw new RangeError(
      `flow "${flow.id}": only port 443 may leave to any address, got ${flow.fromPort}-${flow.toPort}; connect two groups instead`,
    );
  }
  return new vpc.SecurityGroupEgressRule(
    name,
    { securityGroupId: groupId, cidrIpv4: "0.0.0.0/0", ...portsOf(flow) },
    opts,
  );
}

/** Arguments of `allowHttpsToAws`. */
export interface AwsAddresses {
  /** Block of the VPC, in which the interface endpoints are. */
  readonly cidr: string;
  /** Ids of AWS's prefix lists of S3 and DynamoDB, whose addresses are public. */
  readonly storagePrefixLists: { readonly s3: Input<string>; readonly dynamodb: Input<string> };
}

/** Makes the rules that let members of a security group connect to AWS's APIs through the VPC's endpoints only. */
export function allowHttpsToAws(
  name: string,
  groupId: Input<string>,
  { cidr, storagePrefixLists }: AwsAddresses,
  opts: CustomResourceOptions,
): void {
  const group = { securityGroupId: groupId };
  const [endpoints, storage] = [portsOf(workloadToEndpoint()), portsOf(workloadToStorage())];
  new vpc.SecurityGroupEgressRule(`${name}-endpoints`, { ...group, cidrIpv4: cidr, ...endpoints }, opts);
  for (const [store, prefixListId] of Object.entries(storagePrefixLists)) {
    new vpc.SecurityGroupEgressRule(`${name}-${store}`, { ...group, prefixListId, ...storage }, opts);
  }
}

/**
 * Makes the rule that lets members of a security group connect to AWS's APIs other than S3 and DynamoDB: at the VPC's
 * interface endpoints, or at any address where the VPC has none.
 */
export function allowHttpsToApis(
  name: string,
  groupId: Input<string>,
  { cidr, storagePrefixLists }: Pick<NetworkOutputs, "cidr" | "storagePrefixLists">,
  opts: CustomResourceOptions,
): void {
  if (storagePrefixLists === undefined) {
    allowHttpsOut(name, groupId, serverToHttps(), opts);
    return;
  }
  const endpoints = portsOf(workloadToEndpoint());
  new vpc.SecurityGroupEgressRule(name, { securityGroupId: groupId, cidrIpv4: cidr, ...endpoints }, opts);
}

function portsOf(flow: Flow) {
  return {
    ipProtocol: flow.protocol,
    fromPort: flow.fromPort,
    toPort: flow.toPort,
    description: checkDescription(flow.id, flow.description),
  };
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html */
function checkDescription(subject: string, description: string): string {
  if (/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(description)) return description;
  throw new RangeError(
    `security group "${subject}": description must be 1-255 of a-z, A-Z, 0-9, space and ._-:/()#,@[]+=&;{}!$*, got ${JSON.stringify(description)}; reword it`,
  );
}
