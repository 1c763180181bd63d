import { isSensitive, type Opening, openings, portsOf, ruleTypes } from "../../network/access";
import { examples } from "../../network/examples";
import { groupsOf, isBehindBalancer, isOfEnvironment, isReachable, storeOf, usersOf } from "../../network/group-users";
import { vpcTypes } from "../../network/openings";
import type { Rule } from "../../pack/rule";
import { isTrue, list, show, text } from "../../stack/read";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

const token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const WEB_PORTS = [80, 443];
/** What the provider writes for a group without a description. */
const PROVIDER_DESCRIPTION = "Managed by Pulumi";
/** Load balancers that have security groups; of awsx's component where its children are not in the stack. */
const balancers = [T.loadBalancer, "aws:elb/loadBalancer:LoadBalancer", "awsx:lb:ApplicationLoadBalancer"];

/** Rules for security groups. */
export const ec2SecurityGroupsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "security-group-attached",
    types: [ruleTypes.group],
    description: "A security group is used by a resource.",
    rationale: "An unused security group may be attached later by mistake, with rules that nothing has reviewed since.",
    fix: "attach it, or remove it",
    severity: "low",
    level: "advisory",
    ids: { checkov: ["CKV2_AWS_5"] },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/working-with-security-groups.html",
    check(group, { stack, report }) {
      if (usersOf(group, stack).length === 0) report(group, "must be attached to a resource, got none that uses it");
    },
  },
  {
    scope: "stack",
    name: "security-group-closed-egress",
    types: [ruleTypes.group, ruleTypes.egress, ruleTypes.legacy],
    description: "The security groups of data stores and VPC links let nothing out to the internet.",
    rationale: "They answer or forward requests, so that only an attacker has a use for a way out.",
    fix: "remove the rule, or name the group it is for",
    severity: "medium",
    level: "mandatory",
    example: examples.none,
    ids: { checkov: ["CKV_AWS_382"] },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    check(resource, { stack, report }) {
      const open = openings(resource).find((one) => one.direction === "egress" && one.world);
      if (open === undefined) return;
      const store = storeOf(resource, stack);
      if (store)
        report(
          resource,
          `must let nothing out to the internet, as it belongs to ${store}, got ${portsOf(open)}`,
          `remove the egress of ${portsOf(open)} to the internet, or name the group that it is for`,
        );
    },
  },
  {
    scope: "stack",
    name: "security-group-described",
    types: [ruleTypes.group, ruleTypes.ingress, ruleTypes.egress, ruleTypes.legacy],
    description: "A security group, or else each of its rules, has a description.",
    rationale: "A rule whose reason is not known is never removed.",
    fix: "set description",
    severity: "low",
    level: "advisory",
    ids: { cdkNag: ["AwsSolutions-EC27"], checkov: ["CKV_AWS_23"] },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    check(resource, { stack, report }) {
      const own = text(resource.props["description"]);
      if (own !== "" && own !== PROVIDER_DESCRIPTION) return;
      // The rules of a group of this program are judged with it: one reason, one finding.
      if (resource.type !== ruleTypes.group) {
        if (groupsOf(resource, stack).length === 0) report(resource, `must be described, got ${show(own)}`);
        return;
      }
      const rules = [
        ...openings(resource),
        ...[ruleTypes.ingress, ruleTypes.egress, ruleTypes.legacy].flatMap((type) =>
          stack.referrers(resource, type, "securityGroupId").flatMap(openings),
        ),
      ];
      const silent = rules.filter((one) => one.description === "").length;
      if (silent > 0 || rules.length === 0) {
        const got = rules.length === 0 ? show(own) : `${silent} of ${rules.length} rules without`;
        report(resource, `must be described, or each of its rules, got ${got}`);
      }
    },
  },
  {
    scope: "stack",
    name: "security-group-egress",
    types: [ruleTypes.group, ruleTypes.egress, ruleTypes.legacy],
    description:
      "Where a program limits what a security group lets out to the internet, no other group of it lets out more.",
    rationale: "What a server may reach decides what an attacker who takes it over can do with it, and send out.",
    fix: "name the destination by security group, prefix list or range, and the port",
    severity: "low",
    level: "advisory",
    ids: { checkov: ["CKV_AWS_382"] },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    settings: {
      ports: { type: "array", description: "Ports of the internet that a group may let out to.", default: [443] },
    },
    check(resource, { stack, report, setting }) {
      const ports = list(setting("ports"));
      const isWide = (one: Opening) =>
        one.direction === "egress" && one.world && !(one.from === one.to && ports.includes(one.from));
      const open = openings(resource).filter(isWide);
      // security-group-closed-egress finds the groups of data stores.
      if (open.length === 0 || storeOf(resource, stack) !== undefined) return;
      const limited = stack.memo("a group that limits its egress", () =>
        stack.of(ruleTypes.group).some((group) => {
          const rules = [ruleTypes.egress, ruleTypes.legacy].flatMap((type) =>
            stack.referrers(group, type, "securityGroupId"),
          );
          return storeOf(group, stack) === undefined && ![group, ...rules].flatMap(openings).some(isWide);
        }),
      );
      if (limited)
        report(
          resource,
          `must not let everything out to the internet, as other groups do not, got ${open.map(portsOf).join(", ")}`,
        );
    },
  },
  {
    scope: "stack",
    name: "security-group-public-edge",
    types: [ruleTypes.group, ruleTypes.ingress, ruleTypes.legacy],
    description: "A security group that admits the internet to a web port belongs to a public load balancer.",
    rationale:
      "Servers that take requests from anywhere can be reached without the load balancer, its logs and its firewall.",
    fix: "admit the security group of the load balancer instead of the internet",
    severity: "high",
    level: "mandatory",
    lowUnless: ["served"],
    ids: { securityHub: ["EC2.18"], cdkNag: ["AwsSolutions-EC23"], checkov: ["CKV_AWS_260"] },
    settings: {
      ports: {
        type: "array",
        description: "Web ports; security-group-world-ingress finds all others.",
        default: WEB_PORTS,
      },
    },
    check(resource, { stack, report, advise, setting }) {
      const ports = list(setting("ports"));
      const open = openings(resource).find(
        (one) => one.direction === "ingress" && one.world && one.from === one.to && ports.includes(one.from),
      );
      if (open === undefined || passesAddresses(stack)) return;
      const isEdge = groupsOf(resource, stack).some(
        (group) =>
          isOfEnvironment(group, stack) ||
          balancers.some((type) =>
            stack.referrers(group, type, "securityGroups").some((balancer) => !isTrue(balancer.props["internal"])),
          ),
      );
      // A group that nothing here uses is attached outside the program, to what is not known.
      const users = isEdge ? [] : groupsOf(resource, stack).flatMap((group) => usersOf(group, stack));
      if (!users.some(isReachable)) return;
      // A server that no load balancer is before has none to go around.
      const say = users.some((one) => isBehindBalancer(one, stack)) ? report : advise;
      say(
        resource,
        `must admit the internet only to a public load balancer, got port ${portsOf(open)} open`,
        `admit the security group of the load balancer on port ${portsOf(open)}, instead of 0.0.0.0/0 and ::/0`,
      );
    },
  },
  {
    scope: "resource",
    name: "security-group-world-ingress",
    types: [ruleTypes.group, ruleTypes.ingress, ruleTypes.legacy],
    description: "A security group admits the internet to web ports only.",
    rationale: "Scanners find every other open port within minutes.",
    fix: "name the source by security group or a private range",
    severity: "high",
    level: "mandatory",
    ids: {
      securityHub: ["EC2.13", "EC2.14", "EC2.18", "EC2.19"],
      cdkNag: ["AwsSolutions-EC23"],
      checkov: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277"],
    },
    settings: { ports: { type: "array", description: "Ports that the internet may reach.", default: WEB_PORTS } },
    check(resource, { report, advise, setting }) {
      const ports = list(setting("ports"));
      const open = openings(resource).filter(
        (one) => one.direction === "ingress" && one.world && !(one.from === one.to && ports.includes(one.from)),
      );
      const got = [...new Set(open.map(portsOf))].join(", ");
      // A single port that is none of administration or of a data store is what the program offers to its users.
      const say = open.some(isSensitive) ? report : advise;
      if (got !== "")
        say(
          resource,
          `must open only ports ${ports.join(", ")} to the internet, got ${got}`,
          `name the security group or address range that needs ${got}, instead of 0.0.0.0/0 and ::/0`,
        );
    },
  },
  {
    scope: "stack",
    name: "vpc-default-security-group",
    types: vpcTypes,
    description: "A VPC has its default security group without rules.",
    rationale: "AWS makes it with rules that let its members reach each other and the internet.",
    fix: "add an aws.ec2.DefaultSecurityGroup for the VPC, without rules",
    severity: "high",
    level: "production",
    example: examples.defaultGroup,
    ids: { securityHub: ["EC2.2"], cdkNag: ["VPCDefaultSecurityGroupClosed"], checkov: ["CKV2_AWS_12"] },
    check(vpc, { stack, report }) {
      if (stack.referrers(vpc, token, "vpcId").length === 0)
        report(vpc, "must have a default security group without rules, got the one that AWS makes");
    },
  },
];

/**
 * Whether a public network load balancer without security groups passes the addresses of clients on to servers, which
 * then have to admit the internet themselves.
 */
function passesAddresses(stack: Stack): boolean {
  return stack
    .of(T.loadBalancer)
    .some(
      ({ props }) =>
        props["loadBalancerType"] === "network" &&
        !isTrue(props["internal"]) &&
        peek(() => list(props["securityGroups"]).length) === 0,
    );
}
