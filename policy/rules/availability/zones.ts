import { beanstalkZones, workloadZones } from "../../core/capacity";
import { at } from "../../core/read";
import type { Resource } from "../../core/resource";
import type { StackRule } from "../../core/rule";
import type { Stack } from "../../core/stack";
import { T } from "../../core/types";
import { peek, UnknownInput } from "../../core/unknown";
import { atMost, type Zones, zonesOf } from "../../core/zones";

/** Where each kind of resource names its subnets. */
const places: Readonly<Record<string, readonly string[]>> = {
  [T.function]: ["vpcConfig.subnetIds"],
  [T.loadBalancer]: ["subnets"],
  [T.vpcLink]: ["subnetIds"],
  [T.dbSubnets]: ["subnetIds"],
  [T.cacheSubnets]: ["subnetIds"],
  [T.search]: ["vpcOptions.subnetIds"],
};

export const zones: StackRule = {
  scope: "stack",
  name: "zones",
  types: [T.group, T.ecsService, T.beanstalk, ...Object.keys(places)],
  holds: "Everything that serves is in three zones in production, in two elsewhere.",
  why: "A zone fails as a whole; what is only there is down, and two zones lose half of their capacity at once.",
  mend: "add subnets of further zones",
  severity: "high",
  level: "mandatory",
  ids: { F: ["AutoScaling.2", "ELB.13", "Lambda.5"], availability: 1 },
  settings: { zones: { type: "integer", description: "Least distinct zones.", default: 3, dev: 2 } },
  check(resource, { stack, report, setting }) {
    const least = setting<number>("zones");
    for (const [what, found] of zonesUsed(resource, stack)) {
      if (atMost(found) < least) report(resource, `must have ${what} in ${least} zones, got ${atMost(found)}`);
      else if (found.names.size < least) throw new UnknownInput(`the zone of ${found.unresolved} of its subnets`);
    }
  },
};

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
      return named(
        "subnets",
        zonesOf(resource, resource.props["subnets"] === undefined ? "subnetMappings" : "subnets", stack),
      );
    default:
      // Functions and domains outside a VPC are AWS's to spread.
      return (places[resource.type] ?? [])
        .filter((path) => peek(() => at(resource.props, path)) !== undefined)
        .flatMap((path) => named("subnets", zonesOf(resource, path, stack)));
  }
}
