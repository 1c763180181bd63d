import { at, blocks, text, texts } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { peek, UNKNOWN } from "../stack/unknown";
import { openings, ruleTypes } from "./access";
import { N } from "./tokens";

/** Types of a VPC. */
export const vpcTypes: readonly string[] = [T.vpc, T.awsxVpc];

/** What runs in subnets, and where it names them. */
const placements: readonly (readonly [type: string, path: string])[] = [
  [T.group, "vpcZoneIdentifiers"],
  [T.ecsService, "networkConfiguration.subnets"],
  [T.function, "vpcConfig.subnetIds"],
  [T.beanstalk, "settings"],
  [N.instance, "subnetId"],
  [T.dbSubnets, "subnetIds"],
  [T.cacheSubnets, "subnetIds"],
  [T.search, "vpcOptions.subnetIds"],
];

/** A route of a table, inline or a resource of its own. */
export interface Route {
  readonly internetGateway: boolean;
  readonly resource: Resource;
  /** Top-level property that the target comes from. */
  readonly property: string;
  readonly natGatewayId: unknown;
}

/** Returns the routes of a table. */
export function routesOf(table: Resource, stack: Stack): Route[] {
  const inline = blocks(table.props["routes"]).map((route) => routeOf(route, table, "routes", stack));
  const own = stack
    .referrers(table, "aws:ec2/route:Route", "routeTableId")
    .map((route) => routeOf(route.props, route, "gatewayId", stack));
  return [...inline, ...own];
}

function routeOf(route: Record<string, any>, resource: Resource, property: string, stack: Stack): Route {
  const gateway = peek(() => text(route["gatewayId"]));
  const made = stack.dependencies(resource, property, ["aws:ec2/internetGateway:InternetGateway"]).length > 0;
  const natGatewayId = peek(() => route["natGatewayId"]);
  const internetGateway = typeof gateway === "string" ? gateway.startsWith("igw-") || (gateway !== "" && made) : made;
  return { internetGateway, resource, property: property === "gatewayId" ? "natGatewayId" : property, natGatewayId };
}

/** What an association may name as its table: `vpc.mainRouteTableId` is a table too. */
const tableTypes = [T.routeTable, "aws:ec2/defaultRouteTable:DefaultRouteTable", ...vpcTypes];

/** Returns the route tables of the program that an association of a subnet names. */
export function tablesOf(association: Resource, stack: Stack): Resource[] {
  return stack.targets(association, "routeTableId", ...tableTypes);
}

/** Subnets with a route to an internet gateway. */
export function igwSubnets(stack: Stack): ReadonlySet<Resource> {
  return stack.memo("subnets with internet gateway", () => {
    const found = new Set<Resource>();
    for (const association of stack.of("aws:ec2/routeTableAssociation:RouteTableAssociation")) {
      const tables = tablesOf(association, stack);
      if (!tables.some((table) => routesOf(table, stack).some((route) => route.internetGateway))) continue;
      for (const subnet of stack.targets(association, "subnetId", T.subnet)) found.add(subnet);
    }
    return found;
  });
}

/** Workloads by the subnet they are in, for subnets of the program. */
export function workloadSubnets(stack: Stack): ReadonlyMap<Resource, Resource[]> {
  return stack.memo("workloads by subnet", () => {
    const table = new Map<Resource, Resource[]>();
    for (const [workload, path] of placed(stack)) {
      for (const subnet of stack.targets(workload, path, T.subnet)) {
        table.set(subnet, [...(table.get(subnet) ?? []), workload]);
      }
    }
    return table;
  });
}

/** Workloads inside a VPC. */
export function workloadsOf(vpc: Resource, stack: Stack): readonly Resource[] {
  const table = stack.memo("workloads by VPC", () => {
    const all = new Map<Resource, Resource[]>();
    for (const [workload, path] of placed(stack)) {
      for (const one of vpcsOf(workload, path, stack)) {
        const known = all.get(one);
        if (known) known.push(workload);
        else all.set(one, [workload]);
      }
    }
    return all;
  });
  return table.get(vpc) ?? [];
}

/** VPCs of the subnets that a property names. */
export function vpcsOf(workload: Resource, path: string, stack: Stack): Resource[] {
  const property = path.split(".")[0] ?? path;
  const found = new Set<Resource>(stack.dependencies(workload, property, [T.awsxVpc, T.vpc]));
  for (const subnet of stack.targets(workload, path, T.subnet)) {
    for (const vpc of stack.targets(subnet, "vpcId", T.vpc, T.awsxVpc)) found.add(vpc);
  }
  return [...found];
}

/** Workloads that have subnets, with the path of them. */
function placed(stack: Stack): (readonly [Resource, string])[] {
  return placements.flatMap(([type, path]) =>
    stack
      .of(type)
      .filter((workload) => peek(() => at(workload.props, path)) !== undefined)
      .map((workload) => [workload, path] as const),
  );
}

/** Where workloads name their security groups. */
const groupPaths = [
  "vpcSecurityGroupIds",
  "securityGroups",
  "networkInterfaces",
  "networkConfiguration.securityGroups",
];

/** Tells whether a security group of a workload, of those that are in the program, admits the internet. */
export function isOpenToWorld(workload: Resource, stack: Stack): boolean {
  return groupsOf(workload, stack).some((group) => admitsWorld(group, stack));
}

/** Tells whether all security groups of a workload are in the program, and none admits the internet. */
export function isClosedToWorld(workload: Resource, stack: Stack): boolean {
  const groups = groupsOf(workload, stack);
  const named = peek(() => groupPaths.flatMap((path) => texts(at(workload.props, path))).length);
  const isComplete = groups.length > 0 && (named === UNKNOWN || named === groups.length);
  return isComplete && groups.every((group) => peek(() => admitsWorld(group, stack)) === false);
}

function groupsOf(workload: Resource, stack: Stack): Resource[] {
  return groupPaths.flatMap((path) => stack.targets(workload, path, T.securityGroup));
}

function admitsWorld(group: Resource, stack: Stack): boolean {
  const rules = [ruleTypes.ingress, ruleTypes.legacy].flatMap((type) =>
    stack.referrers(group, type, "securityGroupId"),
  );
  return [group, ...rules].flatMap((one) => openings(one)).some((one) => one.direction === "ingress" && one.world);
}
