import { igwSubnets } from "../../core/network";
import { isTrue } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const subnetNoPublicIp: StackRule = {
  scope: "stack",
  name: "subnet-no-public-ip",
  types: [T.subnet],
  holds: "Only subnets with a route to an internet gateway give public addresses on launch.",
  why: "A server that gets a public address by default is one wrong rule away from the internet.",
  mend: "set mapPublicIpOnLaunch to false",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["EC2.15"], N: ["VPCSubnetAutoAssignPublicIpDisabled"], K: ["130"] },
  check(subnet, { stack, report }) {
    if (!isTrue(subnet.props["mapPublicIpOnLaunch"]) || igwSubnets(stack).has(subnet)) return;
    report(
      subnet,
      "must not give public addresses, as it has no route to an internet gateway, got mapPublicIpOnLaunch true",
    );
  },
};
