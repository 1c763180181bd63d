import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { Flow } from "./flows";

export interface GroupArgs {
  readonly vpcId: Input<string>;
  /** Shown in the console; AWS cannot change it later, so a new text replaces the group. */
  readonly description: string;
}

/**
 * A security group without rules: nothing in, nothing out. Rules are resources of their own (`connect`,
 * `allowHttpsOut`), as rules inside the group and rule resources would undo each other.
 * @throws {RangeError} when EC2 would refuse the description
 */
export function createGroup(name: string, args: GroupArgs, opts: CustomResourceOptions): ec2.SecurityGroup {
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

export interface ConnectArgs {
  readonly flow: Flow;
  /** Id of the group whose members open the connection. */
  readonly from: Input<string>;
  /** Id of the group whose members accept it. */
  readonly to: Input<string>;
}

/** Lets one group call another on the ports of a flow: `${name}-egress` on the caller, `${name}-ingress` on the called. */
export function connect(name: string, args: ConnectArgs, opts: CustomResourceOptions) {
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
 * Lets a group call anything by HTTPS: AWS APIs through NAT or endpoints. The only egress to any address; S3 and
 * DynamoDB keep their public addresses behind gateway endpoints, so that the VPC's own range is not enough.
 * @param flow  a flow of port 443, `serverToHttps()` as a rule
 * @throws {RangeError} when the flow is for other ports
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
