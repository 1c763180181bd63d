import { text } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { peek, UNKNOWN } from "../stack/unknown";
import { capacityTypes } from "./capacity";
import { failoverOf } from "./paths";
import { N } from "./tokens";

/** What serves, scales, watches and connects: all that a region needs to stand alone. */
export const twinTypes: readonly string[] = [
  ...capacityTypes,
  T.alarm,
  T.api,
  T.domainName,
  T.endpoint,
  T.function,
  T.integration,
  T.launchTemplate,
  T.listener,
  T.loadBalancer,
  T.route,
  T.scalingPolicy,
  T.scalingTarget,
  T.stage,
  T.targetGroup,
  T.vpcLink,
  N.groupPolicy,
  N.restDomain,
  N.restIntegration,
  T.restApi,
];

/** Share of a region's resources that another region must have too before the two are taken for twins. */
const TWIN_SHARE = 0.5;

/** Returns the regions that run something. A certificate in another region, for CloudFront, makes no second one. */
export function workloadRegions(stack: Stack): readonly string[] {
  return stack.memo("workload regions", () => {
    const found = new Set<string>();
    for (const workload of stack.of(T.group, T.ecsService, T.beanstalk, T.function, T.api, T.restApi)) {
      const region = stack.regionOf(workload);
      if (region !== undefined && !runsAtEdge(workload, stack)) found.add(region);
    }
    return [...found].sort();
  });
}

/**
 * Returns the regions that do the same work, so that one can stand in for another: most of what one has, the other has
 * too. Regions with different work are no twins; then there is none, or only one region.
 */
export function twinRegions(stack: Stack): readonly string[] {
  return stack.memo("twin regions", () => {
    const regions = workloadRegions(stack);
    const roles = new Map<string, Set<string>>(regions.map((region) => [region, new Set()]));
    for (const resource of stack.of(...twinTypes)) {
      const region = stack.regionOf(resource);
      if (region !== undefined) roles.get(region)?.add(rolesIn(resource, region, stack)[0] ?? "");
    }
    return regions.filter((region) =>
      regions.some((other) => other !== region && areTwins(roles.get(region)!, roles.get(other)!)),
    );
  });
}

function areTwins(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const shared = [...one].filter((role) => other.has(role)).length;
  return shared > 0 && shared >= TWIN_SHARE * Math.max(one.size, other.size);
}

/** CloudFront copies such a function from us-east-1 to its own locations. */
function runsAtEdge(workload: Resource, stack: Stack): boolean {
  const edge = stack.memo("functions at the edge", () => {
    const urns = new Set<string>();
    for (const distribution of stack.of(T.distribution)) {
      for (const urn of distribution.dependencies()) urns.add(urn);
    }
    return urns;
  });
  return workload.type === T.function && stack.regionOf(workload) === "us-east-1" && edge.has(workload.urn);
}

/** Returns the resource of another region that does what this one does in its own region. */
export function twinOf(resource: Resource, home: string, region: string, stack: Stack): Resource | undefined {
  const table = stack.memo("resources by region and role", () => byRole(stack));
  for (const role of rolesIn(resource, home, stack)) {
    const twin = table.get(`${region} ${role}`);
    if (table.get(`${home} ${role}`) !== null && twin) return twin;
  }
  return undefined;
}

const permission = "aws:lambda/permission:Permission";

/**
 * Tells whether a resource is a function that only user pools ask, or the alarm of one, and a region has no user pool: it
 * would do nothing there.
 */
function isTrigger({ type, urn, parentUrn }: Resource, region: string, stack: Stack): boolean {
  if (stack.of(T.userPool).some((pool) => stack.regionOf(pool) === region)) return false;
  const asked = stack
    .of(T.function)
    .filter((one) => one.urn === urn || (type === T.alarm && parentUrn !== undefined && one.parentUrn === parentUrn));
  const callers = asked.map((one) => stack.referrers(one, permission, "function"));
  return callers.length > 0 && callers.every((each) => each.length > 0 && each.every(isOfCognito));
}

function isOfCognito({ props }: Resource): boolean {
  return peek(() => text(props["principal"])) === "cognito-idp.amazonaws.com";
}

/**
 * Tells whether a resource is a part of a component that another region does not have and that does no work in its own:
 * an alarm on what is in one region only, such as a user pool's log. What does work is a twin by itself, but for a user
 * pool's triggers.
 */
export function isOfOneRegion(resource: Resource, home: string, region: string, stack: Stack): boolean {
  if (isTrigger(resource, region, stack)) return true;
  const parent = resource.parentUrn === undefined ? undefined : stack.urn(resource.parentUrn);
  if (resource.type !== T.alarm || parent === undefined || !parent.name.includes(home)) return false;
  const names = stack.memo("components by type and name", () => new Set(stack.resources.map(keyOf)));
  if (names.has(keyOf({ type: parent.type, name: parent.name.replace(home, region) }))) return false;
  return stack.resources
    .filter(({ parentUrn }) => parentUrn === parent.urn)
    .every(({ type }) => type === T.alarm || !twinTypes.includes(type));
}

function keyOf({ type, name }: Pick<Resource, "type" | "name">): string {
  return `${type} ${name}`;
}

/** Resources by region and what they are for; null where several share it. */
function byRole(stack: Stack): ReadonlyMap<string, Resource | null> {
  const table = new Map<string, Resource | null>();
  for (const resource of stack.of(...twinTypes)) {
    const region = stack.regionOf(resource);
    if (region === undefined) continue;
    for (const role of rolesIn(resource, region, stack)) {
      const key = `${region} ${role}`;
      table.set(key, table.has(key) ? null : resource);
    }
  }
  return table;
}

/** What a resource is for, in any region: what it is called or does, else the only one of its parent. */
function rolesIn(resource: Resource, region: string, stack: Stack): string[] {
  const key = peek(() => text(resource.props["routeKey"] ?? resource.props["port"]));
  const parent = resource.parentUrn === undefined ? undefined : stack.urn(resource.parentUrn)?.name;
  return [
    `${resource.type} ${typeof key === "string" && key !== "" ? `does ${key}` : `is ${resource.name.replace(region, "*")}`}`,
    // Names that AWS bounds are cut and end in a hash; the parent's is whole.
    ...(parent === undefined ? [] : [`${resource.type} of ${parent.replace(region, "*")}`]),
  ];
}

/** Returns the records that fail over, by zone, name and type. */
export function failoverNames(stack: Stack): ReadonlyMap<string, readonly Resource[]> {
  return stack.memo("records by failover name", () => {
    const names = new Map<string, Resource[]>();
    for (const record of stack.of(T.record)) {
      if (peek(() => failoverOf(record)) === undefined) continue;
      const zone = peek(() => text(record.props["zoneId"]));
      const key = peek(() => `${text(record.props["name"])} ${text(record.props["type"])}`);
      if (key === UNKNOWN) continue;
      const id = `${zone === UNKNOWN ? record.dependsOn("zoneId").join() : zone} ${key}`;
      names.set(id, [...(names.get(id) ?? []), record]);
    }
    return names;
  });
}
