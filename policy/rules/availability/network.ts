import { capacityOf, capacityTypes, workloadZones } from "../../network/capacity";
import { routesOf, vpcTypes, workloadSubnets, workloadsOf } from "../../network/openings";
import { roleOf } from "../../network/paths";
import { zonesOf } from "../../network/zones";
import type { Rule } from "../../pack/rule";
import { isReadFor } from "../../stack/invocations";
import { policyStatements } from "../../stack/policies-of";
import { at, blocks, number, show, text, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN, UnknownInput } from "../../stack/unknown";

/** Addresses of every subnet that AWS reserves. */
const KEPT = 5;

/** Services that requests call, by the prefix of their actions, with the end of their endpoint's name. */
const endpoints: Readonly<Record<string, string>> = {
  dynamodb: "dynamodb",
  events: "events",
  kinesis: "kinesis-streams",
  kms: "kms",
  s3: "s3",
  secretsmanager: "secretsmanager",
  servicediscovery: "servicediscovery",
  sns: "sns",
  sqs: "sqs",
  states: "states",
};

/** Availability rules for networks. */
export const networkRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "nat-per-zone",
    types: [T.awsxVpc, T.natGateway],
    description: "The subnets of each zone reach the internet by a NAT gateway of that zone.",
    rationale: "When the zone of the only NAT gateway is lost, the servers of all other zones reach nothing.",
    fix: "make a NAT gateway per zone and route each private subnet to its own, or a regional one",
    severity: "medium",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 11 },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    check(resource, { stack, report, advise }) {
      if (resource.type === T.awsxVpc) {
        const strategy = text(at(resource.props, "natGateways.strategy")) || "OnePerAz"; // awsx's default
        if (strategy === "Single")
          advise(
            resource,
            `must have a NAT gateway per zone, got natGateways.strategy ${show(strategy)}`,
            "set natGateways.strategy to OnePerAz",
          );
        return;
      }
      if (resource.props["availabilityMode"] === "regional") return;
      const [subnet] = stack.targets(resource, "subnetId", T.subnet);
      const home = subnet && zoneOf(subnet);
      const others = [...(zonesByNat(stack).get(resource) ?? [])].filter((zone) => zone !== home).sort();
      // The owner of a single gateway has decided what a second one is worth; one of several was to survive a loss.
      const say = stack.of(T.natGateway).length > 1 ? report : advise;
      if (home !== undefined && others.length > 0)
        say(
          resource,
          `must be the way out of its own zone ${home} only, got ${others.join(", ")} as well`,
          `add a NAT gateway in ${others.join(" and in ")}, and route the private subnets there to their own`,
        );
    },
  },
  {
    scope: "stack",
    name: "endpoint-zones",
    types: [T.endpoint],
    description: "An interface endpoint is in every zone that servers and functions are in.",
    rationale: "When the endpoint's zone is lost, the servers of other zones cannot reach the AWS service either.",
    fix: "add a subnet of each zone to subnetIds",
    severity: "medium",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 12 },
    url: "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    check(endpoint, { stack, report }) {
      if (endpoint.props["vpcEndpointType"] !== "Interface") return;
      const own = zonesOf(endpoint, "subnetIds", stack);
      if (own === undefined) return;
      if (own.unresolved > 0) throw new UnknownInput(`the zone of ${own.unresolved} of its subnets`);
      const wanted = new Set<string>();
      for (const vpc of stack.targets(endpoint, "vpcId", ...vpcTypes)) {
        for (const workload of workloadsOf(vpc, stack)) {
          for (const zone of workloadZones(workload, stack)?.names ?? []) wanted.add(zone);
        }
      }
      const missing = [...wanted].filter((zone) => !own.names.has(zone)).sort();
      if (missing.length > 0)
        report(
          endpoint,
          `must be in every zone with servers, got none in ${missing.join(", ")}`,
          `add a subnet of ${missing.join(" and of ")} to subnetIds`,
        );
    },
  },
  {
    scope: "stack",
    name: "request-path-endpoints",
    types: [...capacityTypes, T.function],
    description: "Every AWS service that a request calls has an endpoint in the VPC.",
    rationale: "A NAT gateway on the request path is one more part that fails, and limits connections.",
    fix: "add an aws.ec2.VpcEndpoint for it",
    severity: "low",
    level: "advisory",
    ids: { availability: 13 },
    url: "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
    check(workload, { stack, report }) {
      const vpcs = vpcTypes
        .flatMap((type) => stack.of(type))
        .filter((vpc) => workloadsOf(vpc, stack).includes(workload));
      const role = vpcs.length > 0 ? roleOf(workload, stack) : undefined;
      if (role === undefined) return;
      const called = calledServices(workload, role, stack);
      for (const vpc of vpcs) {
        const present = stack.referrers(vpc, T.endpoint, "vpcId").map((one) => text(one.props["serviceName"]));
        const missing = [...called].filter(
          (service) => endpoints[service] && !present.some((name) => name.endsWith(`.${endpoints[service]}`)),
        );
        const names = missing.sort();
        if (names.length > 0)
          report(
            workload,
            `must reach ${names.join(", ")} by an endpoint, got none`,
            `add an aws.ec2.VpcEndpoint for ${names.map((one) => endpoints[one]).join(", ")}`,
          );
      }
    },
  },
  {
    scope: "stack",
    name: "free-addresses",
    types: vpcTypes,
    description: "Subnets have twice the addresses that their servers take at the maximum.",
    rationale: "A deployment doubles the tasks; without addresses neither the deployment nor a scaler can start one.",
    fix: "make the workloads' subnets larger",
    severity: "high",
    level: "mandatory",
    ids: { availability: 14 },
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
    check(vpc, { stack, report }) {
      const workloads = workloadsOf(vpc, stack);
      const most = workloads.reduce((sum, one) => sum + (capacityOf(one, stack)?.max ?? 0), 0);
      const blocksOfServers = vpc.type === T.awsxVpc ? tierBlocks(vpc) : subnetBlocks(workloads, stack);
      if (most === 0 || blocksOfServers.length === 0) return;
      const free = blocksOfServers.reduce((sum, cidr) => sum + addressesOf(cidr), 0);
      if (free < 2 * most) report(vpc, `must have ${2 * most} addresses for servers, got ${free}`);
    },
  },
];

/** Actions that Lambda itself calls, with a function's role and outside its VPC, to read what an event source mapping names. */
const readBySource =
  /^(sqs:(ChangeMessageVisibility|DeleteMessage|GetQueueAttributes|ReceiveMessage)|kinesis:|dynamodb:(\w*Streams?|Get(Records|ShardIterator))$)/;

/** Returns the AWS services that the code of a workload calls, by the prefix of their actions, as its role's policies tell. */
function calledServices(workload: Resource, role: Resource, stack: Stack): ReadonlySet<string> {
  const isRead = isReadFor(workload, stack);
  const statements = stack.referrers(role, T.rolePolicy, "role").flatMap((policy) => policyStatements(policy));
  // A key that may be used through another AWS service only is called by that service.
  const own = statements.filter(({ conditions }) => !conditions.some((one) => one.endsWith(" kms:viaservice")));
  const actions = own.flatMap((one) => one.actions).filter((action) => !(isRead && readBySource.test(action)));
  return new Set(actions.map((action) => action.split(":")[0] ?? ""));
}

/** Blocks of the tier that servers are in: private where there is one. */
function tierBlocks(vpc: Resource): string[] {
  const specs = blocks(vpc.props["subnetSpecs"]);
  const tier = specs.filter((spec) => text(spec["type"]).toLowerCase() === "private");
  return tier.flatMap((spec) => texts(spec["cidrBlocks"]));
}

function subnetBlocks(workloads: readonly Resource[], stack: Stack): string[] {
  const used = workloadSubnets(stack);
  return stack
    .of(T.subnet)
    .filter((subnet) => (used.get(subnet) ?? []).some((one) => workloads.includes(one)))
    .map((subnet) => text(subnet.props["cidrBlock"]))
    .filter((cidr) => cidr !== "");
}

function addressesOf(cidr: string): number {
  const prefix = number(cidr.split("/")[1]) ?? 32;
  return Math.max(0, 2 ** (32 - prefix) - KEPT);
}

function zoneOf(subnet: Resource): string | undefined {
  return text(subnet.props["availabilityZone"] ?? subnet.props["availabilityZoneId"]) || undefined;
}

/** Zones of the subnets that leave by each NAT gateway. */
function zonesByNat(stack: Stack): ReadonlyMap<Resource, ReadonlySet<string>> {
  return stack.memo("zones by NAT gateway", () => {
    const found = new Map<Resource, Set<string>>();
    for (const association of stack.of("aws:ec2/routeTableAssociation:RouteTableAssociation")) {
      const [subnet] = stack.targets(association, "subnetId", T.subnet);
      const zone = subnet && peek(() => zoneOf(subnet));
      if (typeof zone !== "string") continue;
      for (const table of stack.targets(association, "routeTableId", T.routeTable)) {
        const routes = peek(() => routesOf(table, stack));
        if (routes === UNKNOWN) continue;
        for (const nat of routes.flatMap((route) => stack.targets(route.resource, route.property, T.natGateway)))
          found.set(nat, (found.get(nat) ?? new Set()).add(zone));
      }
    }
    return found;
  });
}
