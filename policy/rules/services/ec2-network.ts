import { examples } from "../../network/examples";
import { igwSubnets, routesOf, tablesOf, vpcTypes, workloadSubnets, workloadsOf } from "../../network/openings";
import type { Rule } from "../../pack/rule";
import { at, blocks, isTrue, list, number, text, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
/** Ports of SSH and RDP. */
const ADMIN = [22, 3389];
/** Endpoints that are routes, and cost nothing. */
const gatewayEndpoints = ["s3", "dynamodb"];
/** The first port that answers to calls of servers come back to: a range from here on is no opening of SSH. */
const FIRST_RETURN_PORT = 1024;

/** Ends of the names of endpoints, each with the types of resources that show that servers call the service. */
const endpointUsers: Readonly<Record<string, readonly string[]>> = {
  "ecr.api": [T.ecsService],
  "ecr.dkr": [T.ecsService],
  ssm: [T.group, T.beanstalk],
  s3: [T.bucket, T.ecsService],
  dynamodb: [T.table],
  logs: [T.ecsService, T.group],
  secretsmanager: ["aws:secretsmanager/secret:Secret"],
};

/** Rules for VPC networks. */
export const ec2NetworkRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "default-security-group-closed",
    types: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
    description: "The default security group of a VPC has no rules.",
    rationale: "A server that is started without a security group of its own gets this one.",
    fix: "remove its ingress and egress",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["EC2.2"], cdkNag: ["VPCDefaultSecurityGroupClosed"], checkov: ["CKV2_AWS_12"] },
    check(group, { report }) {
      const rules = list(group.props["ingress"]).length + list(group.props["egress"]).length;
      if (rules > 0) report(group, `must have no rules, got ${rules}`, "set ingress to [] and egress to []");
    },
  },
  {
    scope: "stack",
    name: "network-acl-world",
    types: ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkAclRule:NetworkAclRule"],
    description: "A network ACL admits no address of the internet to SSH, RDP or all ports.",
    rationale: "It has to refuse what a security group admits by mistake.",
    fix: "name the address range and the ports",
    severity: "medium",
    level: "mandatory",
    example: examples.none,
    ids: {
      securityHub: ["EC2.21"],
      cdkNag: ["AwsSolutions-VPC3"],
      checkov: ["CKV_AWS_229", "CKV_AWS_230", "CKV_AWS_231", "CKV_AWS_232", "CKV_AWS_352"],
    },
    check(acl, { report }) {
      const single = acl.type.endsWith("NetworkAclRule");
      const rules = single ? (isTrue(acl.props["egress"]) ? [] : [acl.props]) : blocks(acl.props["ingress"]);
      for (const rule of rules) {
        const action = text(rule["action"] ?? rule["ruleAction"]).toLowerCase();
        const world = rule["cidrBlock"] === "0.0.0.0/0" || rule["ipv6CidrBlock"] === "::/0";
        if (action !== "allow" || !world) continue;
        const protocol = text(rule["protocol"]);
        const from = number(rule["fromPort"]) ?? 0;
        const to = number(rule["toPort"]) ?? 0;
        if (protocol === "-1" || protocol === "all" || (from === 0 && to >= 65535)) {
          report(acl, "must not admit the internet on all ports, got a rule that does");
        } else if (from < FIRST_RETURN_PORT && ADMIN.some((port) => from <= port && port <= to)) {
          report(acl, `must not admit the internet on ports 22 and 3389, got ${from}-${to}`);
        }
      }
    },
  },
  {
    scope: "stack",
    name: "route-table-internet-gateway",
    types: [T.routeTable],
    description: "A workload without a public address is in a subnet without a route to an internet gateway.",
    rationale:
      "In a subnet with such a route, one setting that gives the server a public address connects it to the internet.",
    fix: "move the workload to private subnets, or remove the route",
    severity: "medium",
    level: "production",
    lowUnless: ["private"],
    ids: { cdkNag: ["VPCNoUnrestrictedRouteToIGW"], checkov: ["CKV2_AWS_35"] },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
    check(table, { stack, report, advise }) {
      if (!routesOf(table, stack).some((route) => route.internetGateway)) return;
      const workloads = workloadSubnets(stack);
      for (const association of stack.referrers(table, ASSOCIATION, "routeTableId")) {
        const found = stack
          .targets(association, "subnetId", T.subnet)
          .flatMap((one) => workloads.get(one) ?? [])
          // A workload that asks for a public address is found by the rule on that.
          .find((one) => !asksForAddress(one));
        // In a subnet that gives addresses the workload has one, and its program means it to.
        const isPublic = stack
          .targets(association, "subnetId", T.subnet)
          .some((one) => peek(() => isTrue(one.props["mapPublicIpOnLaunch"])) === true);
        if (found)
          (isPublic ? advise : report)(
            table,
            `must not lead a workload's subnet to the internet gateway, got ${found}`,
          );
      }
    },
  },
  {
    scope: "stack",
    name: "subnet-no-public-ip",
    types: [T.subnet],
    description: "A subnet without a route to an internet gateway gives servers no public address.",
    rationale:
      "Such an address is of no use today, and connects each server of the subnet to the internet when a route is added.",
    fix: "set mapPublicIpOnLaunch to false",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["EC2.15"], cdkNag: ["VPCSubnetAutoAssignPublicIpDisabled"], checkov: ["CKV_AWS_130"] },
    check(subnet, { stack, report }) {
      if (!isTrue(subnet.props["mapPublicIpOnLaunch"]) || igwSubnets(stack).has(subnet)) return;
      if (leadsOutByMainTable(subnet, stack)) return;
      report(
        subnet,
        "must not give public addresses, as it has no route to an internet gateway, got mapPublicIpOnLaunch true",
        "set mapPublicIpOnLaunch to false",
      );
    },
  },
  {
    scope: "stack",
    name: "vpc-endpoints",
    types: vpcTypes,
    description: "A VPC has endpoints for the AWS services that its workloads call.",
    rationale: "Calls through a NAT gateway depend on it, are billed by the byte and pass no endpoint policy.",
    fix: "add an aws.ec2.VpcEndpoint for each",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["EC2.10", "EC2.55", "EC2.56", "EC2.57"] },
    settings: {
      services: {
        type: "array",
        description:
          "Ends of the endpoints' service names. One of the default is expected only where the program has a resource that calls the service.",
        default: Object.keys(endpointUsers),
      },
    },
    check(vpc, { stack, report, setting }) {
      if (workloadsOf(vpc, stack).length === 0) return;
      const present = stack.referrers(vpc, T.endpoint, "vpcId").map((one) => text(one.props["serviceName"]));
      const called = texts(setting("services")).filter((name) => {
        const users = endpointUsers[name];
        // An endpoint with an address in each zone costs more than it saves where no call passes a NAT gateway.
        if (users !== undefined && !gatewayEndpoints.includes(name) && !hasNat(vpc, stack)) return false;
        return users === undefined || stack.of(...users).length > 0;
      });
      const missing = called.filter((name) => !present.some((one) => one.endsWith(`.${name}`)));
      if (missing.length > 0)
        report(
          vpc,
          `must have endpoints, got none for ${missing.join(", ")}`,
          `add an aws.ec2.VpcEndpoint for ${missing.join(", ")}`,
        );
    },
  },
  {
    scope: "stack",
    name: "vpc-flow-log",
    types: vpcTypes,
    description: "A VPC has a flow log.",
    rationale: "Without one no record shows afterwards which address reached which server.",
    fix: "add an aws.ec2.FlowLog for the VPC with trafficType ALL or REJECT",
    severity: "medium",
    level: "production",
    lowUnless: ["audited"],
    ids: { securityHub: ["EC2.6"], cdkNag: ["AwsSolutions-VPC7"], checkov: ["CKV2_AWS_11"] },
    check(vpc, { stack, report }) {
      if (stack.referrers(vpc, T.flowLog, "vpcId").length === 0) report(vpc, "must have a flow log, got none");
    },
  },
];

/** Whether a workload itself asks for a public address; server-no-public-ip and service-no-public-ip find that. */
function asksForAddress({ props }: Resource): boolean {
  return (
    isTrue(peek(() => at(props, "networkConfiguration.assignPublicIp"))) ||
    isTrue(peek(() => props["associatePublicIpAddress"]))
  );
}

/**
 * Whether a subnet may get its route to the internet from a table that the program does not have, or from the main
 * route table of its VPC, which counts for each subnet without an association of its own. True for a VPC of another
 * program, whose main table is not known.
 */
function leadsOutByMainTable(subnet: Resource, stack: Stack): boolean {
  const associations = stack.referrers(subnet, ASSOCIATION, "subnetId");
  if (associations.length > 0)
    return associations.some((one) => {
      const tables = tablesOf(one, stack);
      return tables.length === 0 || tables.some((table) => leadsToFirewall(table, stack));
    });
  const [vpc] = stack.targets(subnet, "vpcId", ...vpcTypes);
  if (vpc === undefined) return true;
  return mainTables(vpc, stack).some((table) => routesOf(table, stack).some((route) => route.internetGateway));
}

/** Whether a table leads to the endpoint of a firewall, or to a server, that may be what leads to the internet. */
function leadsToFirewall(table: Resource, stack: Stack): boolean {
  const routes = [
    ...blocks(table.props["routes"]),
    ...stack.referrers(table, "aws:ec2/route:Route", "routeTableId").map(({ props }) => props),
  ];
  return routes.some((route) =>
    ["vpcEndpointId", "networkInterfaceId", "carrierGatewayId", "localGatewayId"].some(
      (key) => !["", undefined].includes(peek(() => route[key]) as any),
    ),
  );
}

/** The default route table of a VPC, tables that a program makes its main one, and the VPC for routes that name it. */
function mainTables(vpc: Resource, stack: Stack): Resource[] {
  const chosen = stack
    .referrers(vpc, "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "vpcId")
    .flatMap((one) => stack.targets(one, "routeTableId", T.routeTable));
  const defaults = stack.of("aws:ec2/defaultRouteTable:DefaultRouteTable").filter((one) => {
    const id = peek(() => text(one.props["defaultRouteTableId"]));
    const own = ["defaultRouteTableId", "mainRouteTableId"].map((key) => peek(() => text(vpc.props[key])));
    return one.dependsOn("defaultRouteTableId").includes(vpc.urn) || (id !== "" && own.includes(id));
  });
  // A route may name the table of the VPC itself, `vpc.mainRouteTableId`.
  return [...chosen, ...defaults, vpc];
}

/** Whether workloads of a VPC call the internet through NAT gateways; awsx makes them unless it is told not to. */
function hasNat(vpc: Resource, stack: Stack): boolean {
  if (vpc.type === T.awsxVpc) return peek(() => at(vpc.props, "natGateways.strategy")) !== "None";
  return stack.of(T.natGateway).length > 0;
}
