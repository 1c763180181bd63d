import { openings, portsOf, ruleTypes } from "../../core/access";
import type { StackRule } from "../../core/rule";

/** Resources that hold data, and where they name their groups. */
const holders = [
  ["aws:rds/cluster:Cluster", "vpcSecurityGroupIds"],
  ["aws:rds/instance:Instance", "vpcSecurityGroupIds"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "securityGroupIds"],
  ["aws:opensearch/domain:Domain", "vpcOptions.securityGroupIds"],
  ["aws:apigatewayv2/vpcLink:VpcLink", "securityGroupIds"],
] as const;

export const securityGroupClosedEgress: StackRule = {
  scope: "stack",
  name: "security-group-closed-egress",
  types: [ruleTypes.group, ruleTypes.egress, ruleTypes.legacy],
  holds: "Groups of data stores and VPC links let nothing out to the world.",
  why: "They answer or forward; a way out is of use to an intruder only.",
  mend: "remove the rule, or name the group it is for",
  severity: "medium",
  level: "mandatory",
  ids: { K: ["382"] },
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  check(resource, { stack, report }) {
    const open = openings(resource).find((one) => one.direction === "egress" && one.world);
    if (open === undefined) return;
    const groups =
      resource.type === ruleTypes.group ? [resource] : stack.targets(resource, "securityGroupId", ruleTypes.group);
    const holder = groups.flatMap((group) => holders.flatMap(([type, path]) => stack.referrers(group, type, path)))[0];
    if (holder) report(resource, `must let nothing out to the world, as it is of ${holder}, got ${portsOf(open)}`);
  },
};
