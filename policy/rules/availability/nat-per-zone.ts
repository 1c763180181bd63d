import { routesOf } from "../../core/network";
import { at, show, text } from "../../core/read";
import type { Resource } from "../../core/resource";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const natPerZone: StackRule = {
  scope: "stack",
  name: "nat-per-zone",
  types: [T.awsxVpc, "aws:ec2/routeTableAssociation:RouteTableAssociation"],
  holds: "Each zone leaves by a NAT gateway of its own.",
  why: "The zone with the only gateway takes the way out of all others with it.",
  mend: "make a NAT gateway per zone and route each private subnet to its own, or a regional one",
  severity: "high",
  level: "production",
  ids: { availability: 11 },
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
  check(resource, { stack, report }) {
    if (resource.type === T.awsxVpc) {
      const strategy = text(at(resource.props, "natGateways.strategy")) || "OnePerAz"; // awsx's default
      if (strategy === "Single") report(resource, `must have a NAT gateway per zone, got strategy ${show(strategy)}`);
      return;
    }
    const [subnet] = stack.targets(resource, "subnetId", T.subnet);
    const tables = stack.targets(resource, "routeTableId", T.routeTable);
    const zone = subnet && zoneOf(subnet);
    if (zone === undefined) return;
    for (const route of tables.flatMap((table) => routesOf(table, stack))) {
      for (const nat of stack.targets(route.resource, route.property, T.natGateway)) {
        if (nat.props["availabilityMode"] === "regional") continue;
        const [home] = stack.targets(nat, "subnetId", T.subnet);
        const other = home && zoneOf(home);
        if (other !== undefined && other !== zone)
          report(resource, `must leave ${zone} by a NAT gateway in it, got ${nat} in ${other}`);
      }
    }
  },
};

function zoneOf(subnet: Resource): string | undefined {
  return text(subnet.props["availabilityZone"] ?? subnet.props["availabilityZoneId"]) || undefined;
}
