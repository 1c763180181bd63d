import { vpcTypes } from "../../core/network";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const vpcFlowLog: StackRule = {
  scope: "stack",
  name: "vpc-flow-log",
  types: vpcTypes,
  holds: "Every VPC has a flow log of all its traffic.",
  why: "Without flow logs nobody can tell afterwards who reached what.",
  mend: "add an aws.ec2.FlowLog for the VPC with trafficType ALL or REJECT",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["EC2.6"], N: ["VPC7"], K: ["g11"] },
  check(vpc, { stack, report }) {
    if (stack.referrers(vpc, T.flowLog, "vpcId").length === 0) report(vpc, "must have a flow log, got none");
  },
};
