import { routesOf, workloadSubnets } from "../../core/network";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const routeTableInternetGateway: StackRule = {
  scope: "stack",
  name: "route-table-internet-gateway",
  types: [T.routeTable],
  holds: "No workload is in a subnet with a route to an internet gateway.",
  why: "In such a subnet a public address is all that separates a server from the internet.",
  mend: "move the workload to private subnets, or take the route out",
  severity: "high",
  level: "mandatory",
  ids: { N: ["VPCNoUnrestrictedRouteToIGW"], K: ["g35", "g44"] },
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
};
