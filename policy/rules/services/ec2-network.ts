import { igwSubnets, routesOf, vpcTypes, workloadSubnets, workloadsOf } from "../../network/openings";
import type { Rule } from "../../pack/rule";
import { blocks, isTrue, list, number, text } from "../../stack/read";
import { T } from "../../stack/types";

const ADMIN = [22, 3389];

const WEB_AND_RETURN = 1024;

/** Services that servers in private subnets call, by the end of their endpoint's name. */
const wanted = ["ecr.api", "ecr.dkr", "ssm", "s3", "dynamodb", "logs", "secretsmanager"];

/** Rules for VPC networks. */
export const ec2NetworkRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "default-security-group-closed",
    types: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
    description: "The default security group of a VPC has no rules.",
    rationale: "Whatever is started without a group of its own gets this one.",
    fix: "remove its ingress and egress",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["EC2.2"], cdkNag: ["VPCDefaultSecurityGroupClosed"], checkov: ["CKV2_AWS_12"] },
    check(group, { report }) {
      const rules = list(group.props["ingress"]).length + list(group.props["egress"]).length;
      if (rules > 0) report(group, `must have no rules, got ${rules}`);
    },
  },
  {
    scope: "resource",
    name: "network-acl-world",
    types: ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkAclRule:NetworkAclRule"],
    description: "Network ACLs let the world reach neither remote administration nor everything.",
    rationale: "The ACL is the second line: it must hold when a security group is opened by mistake.",
    fix: "name the range and the ports",
    severity: "medium",
    level: "mandatory",
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
          report(acl, "must not let the world in on all ports, got a rule that does");
        } else if (from < WEB_AND_RETURN && ADMIN.some((port) => from <= port && port <= to)) {
          report(acl, `must not let the world in on ports 22 and 3389, got ${from}-${to}`);
        }
      }
    },
  },
  {
    scope: "stack",
    name: "route-table-internet-gateway",
    types: [T.routeTable],
    description: "No workload is in a subnet with a route to an internet gateway.",
    rationale: "In such a subnet a public address is all that separates a server from the internet.",
    fix: "move the workload to private subnets, or take the route out",
    severity: "high",
    level: "mandatory",
    ids: { cdkNag: ["VPCNoUnrestrictedRouteToIGW"], checkov: ["CKV2_AWS_35", "CKV2_AWS_44"] },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
    check(table, { stack, report }) {
      if (!routesOf(table, stack).some((route) => route.internetGateway)) return;
      const workloads = workloadSubnets(stack);
      for (const association of stack.referrers(
        table,
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "routeTableId",
      )) {
        const found = stack.targets(association, "subnetId", T.subnet).flatMap((one) => workloads.get(one) ?? [])[0];
        if (found) report(table, `must not lead a workload's subnet to the internet gateway, got ${found}`);
      }
    },
  },
  {
    scope: "stack",
    name: "subnet-no-public-ip",
    types: [T.subnet],
    description: "Only subnets with a route to an internet gateway give public addresses on launch.",
    rationale: "A server that gets a public address by default is one wrong rule away from the internet.",
    fix: "set mapPublicIpOnLaunch to false",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["EC2.15"], cdkNag: ["VPCSubnetAutoAssignPublicIpDisabled"], checkov: ["CKV_AWS_130"] },
    check(subnet, { stack, report }) {
      if (!isTrue(subnet.props["mapPublicIpOnLaunch"]) || igwSubnets(stack).has(subnet)) return;
      report(
        subnet,
        "must not give public addresses, as it has no route to an internet gateway, got mapPublicIpOnLaunch true",
      );
    },
  },
  {
    scope: "stack",
    name: "vpc-endpoints",
    types: vpcTypes,
    description: "A VPC with servers reaches AWS's own services through endpoints.",
    rationale: "Calls that leave by a NAT gateway depend on it, cost per byte and pass no endpoint policy.",
    fix: "add an aws.ec2.VpcEndpoint for each",
    severity: "medium",
    level: "advisory",
    ids: { securityHub: ["EC2.10", "EC2.55", "EC2.56", "EC2.57"] },
    settings: {
      services: { type: "array", description: "Ends of the endpoints' service names.", default: wanted },
    },
    check(vpc, { stack, report, setting }) {
      if (workloadsOf(vpc, stack).length === 0) return;
      const present = stack.referrers(vpc, T.endpoint, "vpcId").map((one) => text(one.props["serviceName"]));
      const missing = list(setting("services")).filter((name) => !present.some((one) => one.endsWith(`.${name}`)));
      if (missing.length > 0) report(vpc, `must have endpoints, got none for ${missing.join(", ")}`);
    },
  },
  {
    scope: "stack",
    name: "vpc-flow-log",
    types: vpcTypes,
    description: "Every VPC has a flow log of all its traffic.",
    rationale: "Without flow logs nobody can tell afterwards who reached what.",
    fix: "add an aws.ec2.FlowLog for the VPC with trafficType ALL or REJECT",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["EC2.6"], cdkNag: ["AwsSolutions-VPC7"], checkov: ["CKV2_AWS_11"] },
    check(vpc, { stack, report }) {
      if (stack.referrers(vpc, T.flowLog, "vpcId").length === 0) report(vpc, "must have a flow log, got none");
    },
  },
];
