import { openings, portsOf, ruleTypes } from "../../network/access";
import { vpcTypes } from "../../network/openings";
import type { Rule } from "../../pack/rule";
import { isTrue, list, show, text } from "../../stack/read";
import { T } from "../../stack/types";

/** Resources that hold data, and where they name their groups. */
const holders = [
  ["aws:rds/cluster:Cluster", "vpcSecurityGroupIds"],
  ["aws:rds/instance:Instance", "vpcSecurityGroupIds"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "securityGroupIds"],
  ["aws:opensearch/domain:Domain", "vpcOptions.securityGroupIds"],
  ["aws:apigatewayv2/vpcLink:VpcLink", "securityGroupIds"],
] as const;

const token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

/** Rules for security groups. */
export const ec2SecurityGroupsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "security-group-attached",
    types: [ruleTypes.group],
    description: "Every security group is used.",
    rationale: "An unused group is what somebody attaches in a hurry.",
    fix: "attach it, or remove it",
    severity: "low",
    level: "advisory",
    ids: { checkov: ["CKV2_AWS_5"] },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/working-with-security-groups.html",
    check(group, { stack, report }) {
      const used = stack.memo("urns something was made from", () => {
        const urns = new Set<string>();
        for (const one of stack.resources) {
          if (!one.type.startsWith("aws:vpc/securityGroup") && one.type !== ruleTypes.legacy) {
            for (const urn of one.dependencies()) urns.add(urn);
          }
        }
        return urns;
      });
      if (!used.has(group.urn)) report(group, "must be attached to something, got nothing that uses it");
    },
  },
  {
    scope: "stack",
    name: "security-group-closed-egress",
    types: [ruleTypes.group, ruleTypes.egress, ruleTypes.legacy],
    description: "Groups of data stores and VPC links let nothing out to the world.",
    rationale: "They answer or forward; a way out is of use to an intruder only.",
    fix: "remove the rule, or name the group it is for",
    severity: "medium",
    level: "mandatory",
    ids: { checkov: ["CKV_AWS_382"] },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    check(resource, { stack, report }) {
      const open = openings(resource).find((one) => one.direction === "egress" && one.world);
      if (open === undefined) return;
      const groups =
        resource.type === ruleTypes.group ? [resource] : stack.targets(resource, "securityGroupId", ruleTypes.group);
      const holder = groups.flatMap((group) =>
        holders.flatMap(([type, path]) => stack.referrers(group, type, path)),
      )[0];
      if (holder) report(resource, `must let nothing out to the world, as it is of ${holder}, got ${portsOf(open)}`);
    },
  },
  {
    scope: "resource",
    name: "security-group-described",
    types: [ruleTypes.group, ruleTypes.ingress, ruleTypes.egress, ruleTypes.legacy],
    description: "Security groups and their rules say what they are for.",
    rationale: "Nobody dares to remove a rule whose reason is unknown.",
    fix: "set description",
    severity: "low",
    level: "advisory",
    ids: { cdkNag: ["AwsSolutions-EC27"], checkov: ["CKV_AWS_23"] },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    check(resource, { report }) {
      const own = text(resource.props["description"]);
      if (own === "" || own === "Managed by Pulumi") report(resource, `must be described, got ${show(own)}`);
      if (resource.type !== ruleTypes.group) return;
      const silent = openings(resource).filter((one) => one.description === "").length;
      if (silent > 0) report(resource, `must describe each rule, got ${silent} without`);
    },
  },
  {
    scope: "resource",
    name: "security-group-egress",
    types: [ruleTypes.group, ruleTypes.egress, ruleTypes.legacy],
    description: "A security group lets out only what is needed.",
    rationale: "What an intruder may reach from a server decides what he can take out.",
    fix: "name the destination by security group, prefix list or range, and the port",
    severity: "medium",
    level: "advisory",
    ids: { checkov: ["CKV_AWS_382"] },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    check(resource, { report }) {
      for (const open of openings(resource)) {
        if (open.direction === "egress" && open.world)
          report(resource, `must not let out to the world, got ${portsOf(open)}`);
      }
    },
  },
  {
    scope: "stack",
    name: "security-group-public-edge",
    types: [ruleTypes.group, ruleTypes.ingress, ruleTypes.legacy],
    description: "Only the group of a public load balancer is open to the world.",
    rationale: "Servers behind the edge that take requests from anywhere can be reached around it.",
    fix: "let in the load balancer's group instead of the world",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["EC2.18"], cdkNag: ["AwsSolutions-EC23"], checkov: ["CKV_AWS_260"] },
    check(resource, { stack, report }) {
      const open = openings(resource).filter((one) => one.direction === "ingress" && one.world);
      if (open.length === 0) return;
      const groups =
        resource.type === ruleTypes.group ? [resource] : stack.targets(resource, "securityGroupId", ruleTypes.group);
      const isEdge = groups.some((group) =>
        stack
          .referrers(group, T.loadBalancer, "securityGroups")
          .some((balancer) => !isTrue(balancer.props["internal"])),
      );
      if (!isEdge)
        report(resource, `must be open to the world only on a public load balancer, got ${portsOf(open[0]!)} open`);
    },
  },
  {
    scope: "resource",
    name: "security-group-world-ingress",
    types: [ruleTypes.group, ruleTypes.ingress, ruleTypes.legacy],
    description: "The world may reach web ports only.",
    rationale: "Every other open port is found by scanners within minutes.",
    fix: "name the source by security group or a private range",
    severity: "high",
    level: "mandatory",
    ids: {
      securityHub: ["EC2.13", "EC2.14", "EC2.18", "EC2.19"],
      cdkNag: ["AwsSolutions-EC23"],
      checkov: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277"],
    },
    settings: { ports: { type: "array", description: "Ports that the world may reach.", default: [80, 443] } },
    check(resource, { report, setting }) {
      const ports = list(setting("ports"));
      for (const open of openings(resource)) {
        if (open.direction !== "ingress" || !open.world) continue;
        if (open.from === open.to && ports.includes(open.from)) continue;
        report(resource, `must open only ports ${ports.join(", ")} to the world, got ${portsOf(open)}`);
      }
    },
  },
  {
    scope: "stack",
    name: "vpc-default-security-group",
    types: vpcTypes,
    description: "The program takes over the default security group of every VPC.",
    rationale: "AWS makes it with rules that let its members reach each other and everything.",
    fix: "add an aws.ec2.DefaultSecurityGroup for the VPC, without rules",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["EC2.2"], cdkNag: ["VPCDefaultSecurityGroupClosed"], checkov: ["CKV2_AWS_12"] },
    check(vpc, { stack, report }) {
      if (stack.referrers(vpc, token, "vpcId").length === 0)
        report(vpc, "must have its default security group closed, got none");
    },
  },
];
