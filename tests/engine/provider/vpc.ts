import type { Made, Registered, Registrar } from "./awsx";
import type { Properties } from "./values";

interface Subnet {
  readonly type: "Public" | "Private" | "Isolated";
  readonly zone: string;
  readonly subnet: Registered;
  readonly table: Registered;
}

/**
 * What awsx 3 makes of a VPC with given zones and subnets: names and parts of its `ec2.Vpc`, a table per subnet, NAT
 * gateways in the public subnets.
 */
export async function makeVpc(registrar: Registrar, inputs: Properties): Promise<Made> {
  const { name } = registrar;
  const tags = (part: string) => ({ tags: { ...inputs["tags"], Name: part } });
  const { cidrBlock, enableDnsHostnames, enableDnsSupport } = inputs;
  const settings = { cidrBlock, enableDnsHostnames, enableDnsSupport };
  const vpc = await registrar.register("aws:ec2/vpc:Vpc", name, { ...settings, ...tags(name) });
  const vpcId = vpc.id;
  const gateway = await registrar.register("aws:ec2/internetGateway:InternetGateway", name, { vpcId, ...tags(name) }, [
    vpc,
  ]);
  const subnets: Subnet[] = [];
  for (const [i, zone] of (inputs["availabilityZoneNames"] as string[]).entries()) {
    for (const spec of inputs["subnetSpecs"]) {
      const part = `${name}-${spec.name}-${i + 1}`;
      const block = { cidrBlock: spec.cidrBlocks[i], mapPublicIpOnLaunch: spec.type === "Public" };
      const subnet = await registrar.register(
        "aws:ec2/subnet:Subnet",
        part,
        { vpcId, availabilityZone: zone, ...block, ...tags(part) },
        [vpc],
      );
      const table = await registrar.register("aws:ec2/routeTable:RouteTable", part, { vpcId, ...tags(part) }, [vpc]);
      const association = { subnetId: subnet.id, routeTableId: table.id };
      const both = [subnet, table];
      await registrar.register("aws:ec2/routeTableAssociation:RouteTableAssociation", part, association, both);
      subnets.push({ type: spec.type, zone, subnet, table });
    }
  }
  await makeRoutes(registrar, inputs, subnets, gateway, tags);
  const ids = (type: Subnet["type"]) => {
    const from = subnets.filter((each) => each.type === type).map(({ subnet }) => subnet);
    return { value: from.map(({ id }) => id), from };
  };
  const tables = subnets.map(({ table }) => table);
  return {
    vpcId: { value: vpcId, from: [vpc] },
    publicSubnetIds: ids("Public"),
    privateSubnetIds: ids("Private"),
    isolatedSubnetIds: ids("Isolated"),
    routeTables: { value: tables.map(reference), from: tables },
  };
}

async function makeRoutes(
  registrar: Registrar,
  inputs: Properties,
  subnets: readonly Subnet[],
  gateway: Registered,
  tags: (part: string) => Properties,
): Promise<void> {
  const { name } = registrar;
  const everywhere = { destinationCidrBlock: "0.0.0.0/0" };
  const open = subnets.filter(({ type }) => type === "Public");
  for (const [i, { table }] of open.entries()) {
    const route = { routeTableId: table.id, gatewayId: gateway.id, ...everywhere };
    await registrar.register("aws:ec2/route:Route", `${name}-public-${i + 1}`, route, [table, gateway]);
  }
  const count = { OnePerAz: open.length, Single: 1, None: 0 }[inputs["natGateways"].strategy as string]!;
  const nats: Registered[] = [];
  for (const [i, { subnet }] of open.slice(0, count).entries()) {
    const part = `${name}-${i + 1}`;
    const address = await registrar.register("aws:ec2/eip:Eip", part, { domain: "vpc", ...tags(part) }, [gateway]);
    const nat = { subnetId: subnet.id, allocationId: address.id, ...tags(part) };
    nats.push(await registrar.register("aws:ec2/natGateway:NatGateway", part, nat, [address, subnet, gateway]));
  }
  if (nats.length === 0) return;
  for (const [i, { table }] of subnets.filter(({ type }) => type === "Private").entries()) {
    const nat = nats[i] ?? nats[0]!;
    const route = { routeTableId: table.id, natGatewayId: nat.id, ...everywhere };
    await registrar.register("aws:ec2/route:Route", `${name}-private-${i + 1}`, route, [table, nat]);
  }
}

/** A resource as a property value; the SDK makes a RouteTable of it again. */
function reference({ urn, id }: Registered): Properties {
  return { "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", urn, id, packageVersion: "" };
}
