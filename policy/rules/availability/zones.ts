import { beanstalkZones, workloadZones } from "../../network/capacity";
import { vpcsOf, vpcTypes } from "../../network/openings";
import { backendOf, behindBalancer } from "../../network/paths";
import { isForAppliances } from "../../network/target-groups";
import { N } from "../../network/tokens";
import { atMost, networkZones, type Zones, zonesOf } from "../../network/zones";
import type { Rule } from "../../pack/rule";
import { at, flatTexts, list, show } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN, UnknownInput } from "../../stack/unknown";

const needed = ["AZRebalance", "Launch", "HealthCheck", "ReplaceUnhealthy"];

/** Where each kind of resource names its subnets. */
const places: Readonly<Record<string, string>> = {
  [T.beanstalk]: "settings",
  [T.cacheSubnets]: "subnetIds",
  [T.dbSubnets]: "subnetIds",
  [T.ecsService]: "networkConfiguration.subnets",
  [T.function]: "vpcConfig.subnetIds",
  [T.group]: "vpcZoneIdentifiers",
  [T.loadBalancer]: "subnets",
  [T.vpcLink]: "subnetIds",
};

/** A database or cache has its second server in another zone; a third zone adds none. */
const ofPairs: readonly string[] = [T.cacheSubnets, T.dbSubnets];

/** Availability rules for zones. */
export const zonesRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "zones",
    types: [...Object.keys(places), N.eksCluster, ...vpcTypes],
    description: "Everything that serves is in three zones in production, and in two elsewhere; databases are in two.",
    rationale:
      "A zone fails as a whole: what is only there is down, and two zones lose half of their capacity at once.",
    fix: "add subnets of further zones, or set zones in the pack's configuration to what the service level needs",
    severity: "high",
    level: "production",
    lowUnless: ["redundant"],
    ids: { securityHub: ["AutoScaling.2", "ELB.13", "Lambda.5"], availability: 1 },
    settings: {
      zones: { type: "integer", description: "Least distinct zones.", default: 3, development: 2, withoutClass: 2 },
    },
    check(resource, { stack, report, setting, isRead }) {
      const zones = Math.min(setting<number>("zones"), zonesGiven(stack.regionOf(resource)));
      if (vpcTypes.includes(resource.type)) {
        const own = networkZones(resource, stack);
        if (own !== undefined && atMost(own) < zones && limitsOthers(resource, zones, stack))
          report(resource, `must have subnets in ${zones} zones for what serves in it, got ${atMost(own)}`);
        return;
      }
      const least = ofPairs.includes(resource.type) ? Math.min(2, zones) : zones;
      for (const [what, found] of zonesUsed(resource, stack)) {
        if (atMost(found) >= least) {
          if (found.names.size < least) throw new UnknownInput(`the zone of ${found.unresolved} of its subnets`);
        } else if (!isLimited(resource, found, least, stack, isRead) && isFirstThere(resource, least, stack))
          report(resource, `must have ${what} in ${least} zones, got ${atMost(found)}`);
      }
    },
  },
  {
    scope: "stack",
    name: "nested-zones",
    types: [T.integration, T.loadBalancer],
    description: "A VPC link is in every zone of its balancer, and a balancer in every zone of its targets.",
    rationale: "Servers in a zone that the layer before them is not in get no requests, or all of them across zones.",
    fix: "give the outer one subnets in the same zones",
    severity: "high",
    level: "mandatory",
    lowUnless: ["redundant"],
    ids: { availability: 2 },
    check(resource, { stack, report }) {
      if (isForAppliances(resource)) return;
      const outer = outerOf(resource, stack);
      const around = outer && zonesOf(outer, outer.type === T.vpcLink ? "subnetIds" : subnetsPath(outer), stack);
      if (outer === undefined || around === undefined) return;
      for (const [inner, inside] of innerOf(resource, stack)) {
        if (around.unresolved + inside.unresolved > 0) throw new UnknownInput(`a zone of ${outer} or ${inner}`);
        const missing = [...inside.names].filter((zone) => !around.names.has(zone));
        if (missing.length > 0) report(outer, `must be in every zone of ${inner}, got none in ${missing.join(", ")}`);
      }
    },
  },
  {
    scope: "resource",
    name: "group-processes",
    types: [T.group],
    description: "An Auto Scaling group always launches, checks, replaces and balances its servers.",
    rationale: "A process that was suspended for maintenance and forgotten replaces no failed server any more.",
    fix: "remove them from suspendedProcesses",
    severity: "high",
    level: "mandatory",
    ids: { availability: 5 },
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html",
    check(group, { report }) {
      const found = list(group.props["suspendedProcesses"]).filter((one) => needed.includes(one));
      if (found.length > 0) {
        const all = show(group.props["suspendedProcesses"]);
        const left = list(group.props["suspendedProcesses"]).filter((one) => !found.includes(one));
        report(
          group,
          `must not suspend ${found.join(", ")}, got suspendedProcesses ${all}`,
          `set suspendedProcesses to ${JSON.stringify(left)}`,
        );
      }
    },
  },
];

/**
 * A network with too few zones is one cause: it is reported once, and not on each resource that is in all its zones.
 * Nothing is reported on a network that the program only reads, and its subnets need not all be there.
 */
function isLimited(
  resource: Resource,
  found: Zones,
  least: number,
  stack: Stack,
  isRead: (resource: Resource) => boolean = () => false,
): boolean {
  const path = resource.type === T.loadBalancer ? subnetsPath(resource) : places[resource.type];
  if (path === undefined) return false;
  const [vpc, ...more] = vpcsOf(resource, path, stack);
  const own = vpc && more.length === 0 && !isRead(vpc) ? networkZones(vpc, stack) : undefined;
  return own !== undefined && atMost(own) < least && atMost(found) >= atMost(own);
}

/**
 * Zones that a new account gets in a region. AWS shows most accounts only two of northern California's.
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
function zonesGiven(region: string | undefined): number {
  return region === "us-west-1" ? 2 : Number.POSITIVE_INFINITY;
}

/**
 * Resources in the same subnets have one cause, which is reported on the first of them: on a balancer before its
 * servers. What needs three zones is compared with its like only, as a pair there may have nothing to report.
 */
function isFirstThere(resource: Resource, least: number, stack: Stack): boolean {
  const place = placeOf(resource);
  const withPairs = least <= 2;
  const first = stack.memo(`first resource by subnets, pairs ${withPairs}`, () => {
    const found = new Map<string, Resource>();
    for (const one of stack.of(T.loadBalancer, ...Object.keys(places))) {
      if (!withPairs && ofPairs.includes(one.type)) continue;
      const key = placeOf(one);
      if (key !== undefined && !found.has(key) && !isForAppliances(one)) found.set(key, one);
    }
    return found;
  });
  const other = place === undefined ? undefined : first.get(place);
  return other === undefined || other === resource;
}

/** Subnets of a resource, by their ids or by what those were made from. */
function placeOf(resource: Resource): string | undefined {
  const path = resource.type === T.loadBalancer ? subnetsPath(resource) : places[resource.type];
  // Settings have two lists of subnets, and much else.
  if (path === undefined || path === "settings") return undefined;
  const ids = peek(() => flatTexts(at(resource.props, path)));
  const known = ids === UNKNOWN ? resource.dependsOn(path.split(".")[0] ?? path) : ids;
  return known.length === 0 ? undefined : [...known].sort().join();
}

function limitsOthers(vpc: Resource, least: number, stack: Stack): boolean {
  const limited = stack.memo(`networks that limit zones to less than ${least}`, () => {
    const found = new Set<Resource>();
    for (const one of stack.of(...Object.keys(places))) {
      if (ofPairs.includes(one.type) && least > 2) continue;
      const path = one.type === T.loadBalancer ? subnetsPath(one) : (places[one.type] ?? "");
      const zones = peek(() => zonesUsed(one, stack));
      if (typeof zones === "symbol" || !zones.some(([, each]) => isLimited(one, each, least, stack))) continue;
      for (const network of vpcsOf(one, path, stack)) found.add(network);
    }
    return found;
  });
  return limited.has(vpc);
}

function outerOf(resource: Resource, stack: Stack): Resource | undefined {
  return resource.type === T.loadBalancer ? resource : stack.targets(resource, "connectionId", T.vpcLink)[0];
}

function innerOf(resource: Resource, stack: Stack): (readonly [Resource, Zones])[] {
  const withZones = (inner: Resource, found: Zones | undefined) =>
    found === undefined ? [] : [[inner, found] as const];
  // A balancer calls functions by Lambda's API, whatever subnets they have.
  const servers = (all: readonly Resource[]) =>
    all.filter(({ type }) => type !== T.function).flatMap((one) => withZones(one, workloadZones(one, stack)));
  if (resource.type === T.loadBalancer) return servers(behindBalancer(resource, stack));
  const { balancer, discovery, workloads } = backendOf(resource, stack);
  if (balancer) return withZones(balancer, zonesOf(balancer, subnetsPath(balancer), stack));
  return discovery ? servers(workloads) : [];
}

function subnetsPath(balancer: Resource): string {
  return peek(() => balancer.props["subnets"]) === undefined ? "subnetMappings" : "subnets";
}

function zonesUsed(resource: Resource, stack: Stack): (readonly [string, Zones])[] {
  const named = (what: string, found: Zones | undefined) => (found === undefined ? [] : [[what, found] as const]);
  switch (resource.type) {
    case T.beanstalk:
      return [
        ...named("servers", workloadZones(resource, stack)),
        ...named("its balancer", beanstalkZones(resource, "ELBSubnets", stack)),
      ];
    case T.group:
    case T.ecsService:
      return named("servers", workloadZones(resource, stack));
    case T.loadBalancer:
      return isForAppliances(resource) ? [] : named("subnets", zonesOf(resource, subnetsPath(resource), stack));
    case N.eksCluster:
      return named("nodes", nodeZones(resource, stack));
    default: {
      // Functions outside a VPC are AWS's to spread.
      const path = places[resource.type] ?? "";
      return peek(() => at(resource.props, path)) === undefined ? [] : named("subnets", zonesOf(resource, path, stack));
    }
  }
}

/** Zones of all node groups of a cluster: a group per zone is how volumes of a zone find nodes of that zone. */
function nodeZones(cluster: Resource, stack: Stack): Zones | undefined {
  const all = stack
    .referrers(cluster, N.eksNodes, "clusterName")
    .map((nodes) => zonesOf(nodes, "subnetIds", stack))
    .filter((zones) => zones !== undefined);
  if (all.length === 0) return undefined;
  return {
    names: new Set(all.flatMap(({ names }) => [...names])),
    unresolved: all.reduce((sum, { unresolved }) => sum + unresolved, 0),
  };
}
