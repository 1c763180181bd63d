import { vpcTypes } from "../../core/network";
import type { StackRule } from "../../core/rule";

const token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

export const vpcDefaultSecurityGroup: StackRule = {
  scope: "stack",
  name: "vpc-default-security-group",
  types: vpcTypes,
  holds: "The program takes over the default security group of every VPC.",
  why: "AWS makes it with rules that let its members reach each other and everything.",
  mend: "add an aws.ec2.DefaultSecurityGroup for the VPC, without rules",
  severity: "high",
  level: "mandatory",
  ids: { F: ["EC2.2"], N: ["VPCDefaultSecurityGroupClosed"], K: ["g12"] },
  check(vpc, { stack, report }) {
    if (stack.referrers(vpc, token, "vpcId").length === 0)
      report(vpc, "must have its default security group closed, got none");
  },
};
