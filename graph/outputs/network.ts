import { createHash } from "node:crypto";
import type { NewResource, OutputsByType } from "./new-resource";

/** Outputs of VPCs, subnets, security groups, endpoints and Cloud Map namespaces. */
export const networkOutputs: OutputsByType = {
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": (r) => ({ id: `sg-${r.hex(17)}` }),
  "aws:ec2/flowLog:FlowLog": (r) => ({ id: `fl-${r.hex(17)}`, arn: r.arn("ec2", `vpc-flow-log/fl-${r.hex(17)}`) }),
  "aws:ec2/networkAcl:NetworkAcl": (r) => ({
    id: `acl-${r.hex(17)}`,
    arn: r.arn("ec2", `network-acl/acl-${r.hex(17)}`),
  }),
  "aws:ec2/securityGroup:SecurityGroup": (r) => ({
    id: `sg-${r.hex(17)}`,
    arn: r.arn("ec2", `security-group/sg-${r.hex(17)}`),
    name: r.physicalName(),
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": (r) => ({
    id: `vpce-${r.hex(17)}`,
    arn: r.arn("ec2", `vpc-endpoint/vpce-${r.hex(17)}`),
    ...(r.inputs["vpcEndpointType"] === "Gateway" ? { prefixListId: `pl-${r.hex(8)}` } : {}),
    ...(r.inputs["vpcEndpointType"] === "Interface" ? { dnsEntries: dnsEntries(r) } : {}),
  }),
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (r) => ({
    id: `ns-${r.letters(16)}`,
    arn: r.arn("servicediscovery", `namespace/ns-${r.letters(16)}`),
    hostedZone: `Z${r.letters(20).toUpperCase()}`,
  }),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (r) => ({ id: `sgr-${r.hex(17)}` }),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (r) => ({ id: `sgr-${r.hex(17)}` }),
  "awsx:ec2:Vpc": vpc,
};

/**
 * Returns the outputs of an awsx VPC: it makes a subnet and a route table per zone and spec, in the order of the zones.
 */
function vpc(r: NewResource): Record<string, unknown> {
  const zones: string[] = r.inputs["availabilityZoneNames"] ?? [];
  const specs: { type: string; cidrBlocks?: string[] }[] = r.inputs["subnetSpecs"] ?? [];
  const id = (prefix: string, type: string, zone: string) => `${prefix}-${r.hex(9)}${hash(`${type} ${zone}`)}`;
  const subnets = zones.flatMap((availabilityZone, index) =>
    specs.map(({ type, cidrBlocks }) => ({
      id: id("subnet", type, availabilityZone),
      availabilityZone,
      cidrBlock: cidrBlocks?.[index],
      mapPublicIpOnLaunch: type === "Public",
      type,
    })),
  );
  const idsOf = (wanted: string) => subnets.filter(({ type }) => type === wanted).map((subnet) => subnet.id);
  return {
    vpcId: `vpc-${r.hex(17)}`,
    publicSubnetIds: idsOf("Public"),
    privateSubnetIds: idsOf("Private"),
    isolatedSubnetIds: idsOf("Isolated"),
    subnets,
    routeTables: subnets.map(({ type, availabilityZone }) => ({
      id: id("rtb", type, availabilityZone),
      type,
      availabilityZone,
    })),
  };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** The name of all zones of an interface endpoint, which comes first; the names of its zones follow on AWS. */
function dnsEntries(r: NewResource): object[] {
  const service = String(r.inputs["serviceName"]).split(".").slice(3).join(".");
  const dnsName = `vpce-${r.hex(17)}-${r.letters(8)}.${service}.${r.region}.vpce.amazonaws.com`;
  return [{ dnsName, hostedZoneId: `Z${r.hex(13).toUpperCase()}` }];
}
