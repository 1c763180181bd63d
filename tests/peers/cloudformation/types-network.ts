import type { PlannedResource } from "../../../graph/model";
import { absent, type CfnResource, exactly, json, type MappingTable, none, type } from "./mapping";

const rule = (peer: "Source" | "Destination") => ({
  cidrIpv4: "CidrIp",
  cidrIpv6: "CidrIpv6",
  prefixListId: `${peer}PrefixListId`,
  referencedSecurityGroupId: `${peer}SecurityGroupId`,
  securityGroupId: "GroupId",
  tags: none,
});

const ruleKeys = ["action", "cidrBlock", "fromPort", "protocol", "ruleNo", "toPort"];
/** Numbers by IANA, as CloudFormation wants them. */
const protocols: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17 };

/** A network ACL's rules and subnets are resources of their own. */
function networkAclParts(
  _properties: unknown,
  { inputs }: PlannedResource,
  logicalId: string,
): Record<string, CfnResource> {
  const NetworkAclId = { Ref: logicalId };
  const entries = (rules: any[] = [], Egress: boolean) =>
    rules
      .map((rule) => exactly(rule, ...ruleKeys))
      .map(({ action, cidrBlock, fromPort, protocol, ruleNo, toPort }): [string, CfnResource] => [
        `${Egress ? "Out" : "In"}${ruleNo}`,
        {
          Type: "AWS::EC2::NetworkAclEntry",
          Properties: {
            NetworkAclId,
            Egress,
            CidrBlock: cidrBlock,
            Protocol: protocols[protocol] ?? Number(protocol),
            RuleAction: action,
            RuleNumber: ruleNo,
            PortRange: { From: fromPort, To: toPort },
          },
        },
      ]);
  const associations = (inputs["subnetIds"] ?? []).map((SubnetId: string, index: number): [string, CfnResource] => [
    `Subnet${index}`,
    { Type: "AWS::EC2::SubnetNetworkAclAssociation", Properties: { NetworkAclId, SubnetId } },
  ]);
  return Object.fromEntries([
    ...entries(inputs["ingress"], false),
    ...entries(inputs["egress"], true),
    ...associations,
  ]);
}

const apart = absent("a resource of its own");

export const networkMappings: MappingTable = {
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    kind: "absent",
    reason: "CloudFormation cannot take over the default group of a VPC",
  },
  "aws:ec2/flowLog:FlowLog": type(
    "AWS::EC2::FlowLog",
    { iamRoleArn: "DeliverLogsPermissionArn", vpcId: "ResourceId" },
    { finish: (properties) => ({ ...properties, ResourceType: "VPC" }) },
  ),
  "aws:ec2/networkAcl:NetworkAcl": type(
    "AWS::EC2::NetworkAcl",
    { ingress: apart, egress: apart, subnetIds: apart },
    { more: networkAclParts },
  ),
  "aws:ec2/securityGroup:SecurityGroup": type(
    "AWS::EC2::SecurityGroup",
    { description: "GroupDescription", revokeRulesOnDelete: absent("how the provider deletes") },
    {
      ref: "none",
      attributes: { id: "GroupId" },
      // Without a rule CloudFormation lets everything out; the provider lets nothing out. CDK closes groups this way.
      finish: (properties) => ({
        ...properties,
        SecurityGroupEgress: [{ CidrIp: "255.255.255.255/32", FromPort: 252, IpProtocol: "icmp", ToPort: 86 }],
      }),
    },
  ),
  "aws:ec2/vpcEndpoint:VpcEndpoint": type("AWS::EC2::VPCEndpoint", { policy: json("PolicyDocument") }),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": type("AWS::EC2::SecurityGroupEgress", rule("Destination")),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": type("AWS::EC2::SecurityGroupIngress", rule("Source")),
  "awsx:ec2:Vpc": { kind: "expanded" },
};
