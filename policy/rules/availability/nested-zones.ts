import { workloadZones } from "../../core/capacity";
import { backendOf, behindBalancer } from "../../core/paths";
import type { Resource } from "../../core/resource";
import type { StackRule } from "../../core/rule";
import type { Stack } from "../../core/stack";
import { T } from "../../core/types";
import { UnknownInput } from "../../core/unknown";
import { type Zones, zonesOf } from "../../core/zones";

export const nestedZones: StackRule = {
  scope: "stack",
  name: "nested-zones",
  types: [T.integration, T.loadBalancer],
  holds: "A VPC link is in every zone of its balancer, and a balancer in every zone of its targets.",
  why: "Servers in a zone that the layer before them is not in get no requests, or all of them across zones.",
  mend: "give the outer one subnets in the same zones",
  severity: "high",
  level: "mandatory",
  ids: { availability: 2 },
  check(resource, { stack, report }) {
    const outer = outerOf(resource, stack);
    const around = outer && zonesOf(outer, outer.type === T.vpcLink ? "subnetIds" : "subnets", stack);
    if (outer === undefined || around === undefined) return;
    for (const [inner, inside] of innerOf(resource, stack)) {
      if (around.unresolved + inside.unresolved > 0) throw new UnknownInput(`a zone of ${outer} or ${inner}`);
      const missing = [...inside.names].filter((zone) => !around.names.has(zone));
      if (missing.length > 0) report(outer, `must be in every zone of ${inner}, got none in ${missing.join(", ")}`);
    }
  },
};

function outerOf(resource: Resource, stack: Stack): Resource | undefined {
  return resource.type === T.loadBalancer ? resource : stack.targets(resource, "connectionId", T.vpcLink)[0];
}

function innerOf(resource: Resource, stack: Stack): (readonly [Resource, Zones])[] {
  const withZones = (inner: Resource, found: Zones | undefined) =>
    found === undefined ? [] : [[inner, found] as const];
  if (resource.type === T.loadBalancer)
    return behindBalancer(resource, stack).flatMap((one) => withZones(one, workloadZones(one, stack)));
  const { balancer, discovery, workloads } = backendOf(resource, stack);
  if (balancer) return withZones(balancer, zonesOf(balancer, "subnets", stack));
  return discovery ? workloads.flatMap((one) => withZones(one, workloadZones(one, stack))) : [];
}
