import type { PlannedResource } from "../../../graph/model";
import { words } from "./convert";
import { type CfnResource, onlyThese, pairs } from "./mapping";

interface Subnet {
  readonly id: string;
  readonly availabilityZone: string;
  readonly cidrBlock: string;
  readonly type: "Public" | "Private" | "Isolated";
}

const understood = [
  "availabilityZoneNames",
  "cidrBlock",
  "enableDnsHostnames",
  "enableDnsSupport",
  "natGateways",
  "subnetSpecs",
  "subnetStrategy",
  "tags",
];

/**
 * What the awsx component makes of its arguments: the VPC, an internet gateway, subnets and route tables by zone and
 * tier, and NAT gateways by its strategy.
 * @returns resources by logical id, and what yields each id that the component hands out
 */
export function expandVpc({ name, inputs, outputs }: PlannedResource, region: string) {
  onlyThese(
    [inputs, understood],
    [inputs["natGateways"] ?? {}, ["strategy"]],
    ...inputs["subnetSpecs"].map((spec: object) => [spec, ["cidrBlocks", "name", "type"]] as const),
  );
  const base = words(name);
  const resources: Record<string, CfnResource> = {};
  const values: [string, string][] = [[outputs["vpcId"], base]];
  const add = (id: string, type: string, Properties: Record<string, any>) => {
    resources[id] = { Type: `AWS::EC2::${type}`, Properties };
    return { Ref: id };
  };
  const Tags = pairs(inputs["tags"] ?? {});
  const VpcId = add(base, "VPC", {
    CidrBlock: inputs["cidrBlock"],
    EnableDnsHostnames: inputs["enableDnsHostnames"],
    EnableDnsSupport: inputs["enableDnsSupport"],
    Tags,
  });
  const GatewayId = add(`${base}Internet`, "InternetGateway", { Tags });
  add(`${base}InternetAttachment`, "VPCGatewayAttachment", { VpcId, InternetGatewayId: GatewayId });

  const zones: string[] = inputs["availabilityZoneNames"];
  const strategy: string = inputs["natGateways"]?.strategy ?? "OnePerAz";
  const natZones = strategy === "None" ? [] : strategy === "Single" ? zones.slice(0, 1) : zones;
  const suffix = (type: string, zone: string) => `${base}${type}${zone.slice(region.length).toUpperCase()}`;
  for (const zone of natZones) {
    const AllocationId = { "Fn::GetAtt": [suffix("Address", zone), "AllocationId"] };
    add(suffix("Address", zone), "EIP", { Domain: "vpc", Tags });
    add(suffix("Nat", zone), "NatGateway", { AllocationId, SubnetId: { Ref: suffix("Public", zone) }, Tags });
  }
  for (const [index, subnet] of (outputs["subnets"] as Subnet[]).entries()) {
    const { type, availabilityZone: zone } = subnet;
    const id = suffix(type, zone);
    const SubnetId = add(id, "Subnet", {
      VpcId,
      AvailabilityZone: zone,
      CidrBlock: subnet.cidrBlock,
      MapPublicIpOnLaunch: type === "Public",
      Tags,
    });
    const RouteTableId = add(`${id}Routes`, "RouteTable", { VpcId, Tags });
    add(`${id}Association`, "SubnetRouteTableAssociation", { SubnetId, RouteTableId });
    const DestinationCidrBlock = "0.0.0.0/0";
    const nat = natZones.includes(zone) ? zone : natZones[0];
    if (type === "Public") add(`${id}Route`, "Route", { RouteTableId, DestinationCidrBlock, GatewayId });
    if (type === "Private" && nat !== undefined) {
      add(`${id}Route`, "Route", { RouteTableId, DestinationCidrBlock, NatGatewayId: { Ref: suffix("Nat", nat) } });
    }
    values.push([subnet.id, id], [outputs["routeTables"][index].id, `${id}Routes`]);
  }
  return { resources, values };
}
