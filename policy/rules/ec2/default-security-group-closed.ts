import { list } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

export const defaultSecurityGroupClosed: ResourceRule = {
  scope: "resource",
  name: "default-security-group-closed",
  types: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
  holds: "The default security group of a VPC has no rules.",
  why: "Whatever is started without a group of its own gets this one.",
  mend: "remove its ingress and egress",
  severity: "high",
  level: "mandatory",
  ids: { F: ["EC2.2"], N: ["VPCDefaultSecurityGroupClosed"], K: ["g12"] },
  check(group, { report }) {
    const rules = list(group.props["ingress"]).length + list(group.props["egress"]).length;
    if (rules > 0) report(group, `must have no rules, got ${rules}`);
  },
};
