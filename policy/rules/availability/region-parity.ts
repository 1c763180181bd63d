import { capacityOf, capacityTypes } from "../../core/capacity";
import { number, text } from "../../core/read";
import { workloadRegions } from "../../core/regions";
import type { Resource } from "../../core/resource";
import type { StackContext, StackRule } from "../../core/rule";
import type { Stack } from "../../core/stack";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

/** What serves, scales, watches and connects: whatever a region needs to stand alone. */
const compared = [
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
  "aws:autoscaling/policy:Policy",
];

export const regionParity: StackRule = {
  scope: "stack",
  name: "region-parity",
  types: compared,
  holds: "Every region has what the others have, with the same minimum.",
  why: "A standby that is smaller fails at the moment it gets the whole load.",
  mend: "declare it in every region, with the same minimum",
  severity: "high",
  level: "production",
  ids: { availability: 39 },
  url: "https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html",
  check(resource, { stack, report }) {
    const regions = workloadRegions(stack);
    const home = stack.regionOf(resource);
    if (regions.length < 2 || home === undefined || !regions.includes(home)) return;
    for (const region of regions.filter((one) => one !== home)) {
      const twin = twinOf(resource, home, region, stack);
      if (twin === undefined) {
        report(resource, `must exist in every region, got none in ${region}`);
        continue;
      }
      const [own, other] = [capacityOf(resource, stack), capacityOf(twin, stack)];
      if (own && other && other.min < own.min)
        report(other.holder, `must keep as many servers as in ${home}, which are ${own.min}, got ${other.min}`);
      if (resource.type === T.function) compareReserved(resource, twin, report);
    }
  },
};

function compareReserved(resource: Resource, twin: Resource, report: StackContext["report"]): void {
  const [own, other] = [resource, twin].map((one) => number(one.props["reservedConcurrentExecutions"]));
  if (own !== undefined && (other ?? own) < own)
    report(twin, `must reserve as much as its twin, which is ${own}, got ${other}`);
}

/** Resources by region and what they are for; null where several share it. */
function byRole(stack: Stack): ReadonlyMap<string, Resource | null> {
  const table = new Map<string, Resource | null>();
  for (const resource of stack.of(...compared)) {
    const region = stack.regionOf(resource);
    if (region === undefined) continue;
    for (const role of rolesIn(resource, region, stack)) {
      const key = `${region} ${role}`;
      table.set(key, table.has(key) ? null : resource);
    }
  }
  return table;
}

/** What a resource is for, whatever region it is in: what it is called or does, else the only one of its parent. */
function rolesIn(resource: Resource, region: string, stack: Stack): string[] {
  const key = peek(() => text(resource.props["routeKey"] ?? resource.props["port"]));
  const parent = resource.parentUrn === undefined ? undefined : stack.urn(resource.parentUrn)?.name;
  return [
    `${resource.type} ${typeof key === "string" && key !== "" ? `does ${key}` : `is ${resource.name.replace(region, "*")}`}`,
    // Names that AWS bounds are cut and end in a hash; the parent's is whole.
    ...(parent === undefined ? [] : [`${resource.type} of ${parent.replace(region, "*")}`]),
  ];
}

function twinOf(resource: Resource, home: string, region: string, stack: Stack): Resource | undefined {
  const table = stack.memo("resources by region and role", () => byRole(stack));
  for (const role of rolesIn(resource, home, stack)) {
    const twin = table.get(`${region} ${role}`);
    if (table.get(`${home} ${role}`) !== null && twin) return twin;
  }
  return undefined;
}
