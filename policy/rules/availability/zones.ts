import {
  beanstalkZones,
  capacityOf,
  capacityTypes,
  peakOf,
  scalerOf,
  workloadZones,
  zoneCount,
} from "../../network/capacity";
import { backendOf, behindBalancer } from "../../network/paths";
import { atMost, type Zones, zonesOf } from "../../network/zones";
import type { Rule } from "../../pack/rule";
import { at, block, list, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UnknownInput } from "../../stack/unknown";
import { settings } from "../../stack/workloads";

const needed = ["AZRebalance", "Launch", "HealthCheck", "ReplaceUnhealthy"];

const GROUP_POLICY = "aws:autoscaling/policy:Policy";

/** Where each kind of resource names its subnets. */
const places: Readonly<Record<string, readonly string[]>> = {
  [T.function]: ["vpcConfig.subnetIds"],
  [T.loadBalancer]: ["subnets"],
  [T.vpcLink]: ["subnetIds"],
  [T.dbSubnets]: ["subnetIds"],
  [T.cacheSubnets]: ["subnetIds"],
  [T.search]: ["vpcOptions.subnetIds"],
};

/** Availability rules for zones and capacity. */
export const zonesRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "zones",
    types: [T.group, T.ecsService, T.beanstalk, ...Object.keys(places)],
    description: "Everything that serves is in three zones in production, in two elsewhere.",
    rationale:
      "A zone fails as a whole; what is only there is down, and two zones lose half of their capacity at once.",
    fix: "add subnets of further zones",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["AutoScaling.2", "ELB.13", "Lambda.5"], availability: 1 },
    settings: { zones: { type: "integer", description: "Least distinct zones.", default: 3, development: 2 } },
    check(resource, { stack, report, setting }) {
      const least = setting<number>("zones");
      for (const [what, found] of zonesUsed(resource, stack)) {
        if (atMost(found) < least) report(resource, `must have ${what} in ${least} zones, got ${atMost(found)}`);
        else if (found.names.size < least) throw new UnknownInput(`the zone of ${found.unresolved} of its subnets`);
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
  },
  {
    scope: "stack",
    name: "minimum-capacity",
    types: capacityTypes,
    description: "The servers that are left when a zone is lost carry the peak.",
    rationale: "A scaler asks for servers when everybody does; what runs already is all that is certain.",
    fix: "raise the minimum to zones x ceil(peak / (zones - 1))",
    severity: "high",
    level: "production",
    ids: { availability: 3 },
    settings: {
      peaks: {
        type: "object",
        description: "Servers needed at the peak, by a part of the resource's name. Default: one per zone.",
        default: {},
      },
    },
    check(workload, { stack, report, setting }) {
      const capacity = capacityOf(workload, stack);
      const count = zoneCount(workload, stack);
      if (capacity === undefined || count < 2) return;
      const peak = peakOf(workload, setting("peaks")) ?? count - 1;
      const least = count * Math.ceil(peak / (count - 1));
      if (capacity.min < least)
        report(
          capacity.holder,
          `must keep ${least} servers for a peak of ${peak} in ${count} zones, got ${capacity.min}`,
        );
    },
  },
  {
    scope: "stack",
    name: "desired-per-zone",
    types: [T.ecsService],
    description: "A service has a task in every zone, and is balanced again after a loss.",
    rationale: "After a zone returns, all tasks are still in the others; the next loss takes half of them.",
    fix: "set desiredCount to the number of zones or more, and availabilityZoneRebalancing to ENABLED",
    severity: "medium",
    level: "production",
    ids: { availability: 4 },
    check(service, { stack, report }) {
      if (service.props["schedulingStrategy"] === "DAEMON") return;
      const count = zoneCount(service, stack);
      const desired = number(service.props["desiredCount"]) ?? 1;
      if (desired < count)
        report(service, `must start with a task in each of ${count} zones, got desiredCount ${desired}`);
      const balancing = service.props["availabilityZoneRebalancing"];
      if (balancing !== "ENABLED")
        report(service, `must rebalance its zones, got availabilityZoneRebalancing ${show(balancing)}`);
    },
  },
  {
    scope: "resource",
    name: "group-processes",
    types: [T.group],
    description: "A group never stops to launch, check, replace and balance its servers.",
    rationale: "Suspended for a maintenance and forgotten, it heals nothing any more.",
    fix: "remove them from suspendedProcesses",
    severity: "high",
    level: "mandatory",
    ids: { availability: 5 },
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html",
    check(group, { report }) {
      const found = list(group.props["suspendedProcesses"]).filter((one) => needed.includes(one));
      if (found.length > 0)
        report(
          group,
          `must not suspend ${found.join(", ")}, got suspendedProcesses ${show(group.props["suspendedProcesses"])}`,
        );
    },
  },
  {
    scope: "stack",
    name: "scaling-room",
    types: capacityTypes,
    description: "A group can grow by half of its minimum, and never shrinks to nothing.",
    rationale: "At its maximum a scaler only watches; at zero the first request waits for a boot.",
    fix: "raise the maximum to one and a half times the minimum, and the minimum above 0",
    severity: "medium",
    level: "production",
    ids: { availability: 6 },
    check(workload, { stack, report }) {
      const capacity = capacityOf(workload, stack);
      if (capacity === undefined) return;
      const { min, max, holder } = capacity;
      // A service of a fixed size without a scaler is for the rule on scaling to find.
      if (holder.type === T.ecsService) return;
      if (min <= 0) return report(holder, `must keep a server, got a minimum of ${min}`);
      if (max < 1.5 * min)
        report(
          holder,
          `must be able to grow to ${Math.ceil(1.5 * min)}, got a maximum of ${max} for a minimum of ${min}`,
        );
    },
  },
  {
    scope: "stack",
    name: "scaling-policy",
    types: capacityTypes,
    description: "Every group scales, and aims so low that the other zones can carry a lost one.",
    rationale: "At 80 percent in three zones, the loss of one asks 120 percent of the rest.",
    fix: "add a target tracking policy with a target of at most 90 x (zones - 1) / zones percent",
    severity: "high",
    level: "production",
    ids: { availability: 7 },
    check(workload, { stack, report }) {
      const policies = policiesOf(workload, stack);
      if (policies.length === 0) return report(workload, "must scale with its load, got no scaling policy");
      const count = zoneCount(workload, stack);
      const cap = count < 2 ? 100 : Math.floor((90 * (count - 1)) / count);
      for (const [policy, target] of policies) {
        if (target !== undefined && target > cap)
          report(policy, `must aim at ${cap} percent or less in ${count} zones, got ${target}`);
      }
    },
  },
];

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

/** Policies of a workload; with the percentage they aim at, when it is one of utilisation. */
function policiesOf(workload: Resource, stack: Stack): (readonly [Resource, number | undefined])[] {
  if (workload.type === T.beanstalk) {
    const get = settings(workload);
    const high = get("aws:autoscaling:trigger", "UpperThreshold");
    const percent = get("aws:autoscaling:trigger", "MeasureName") === "CPUUtilization";
    return high === undefined ? [] : [[workload, percent ? number(high) : undefined]];
  }
  const target = workload.type === T.ecsService ? scalerOf(workload, stack) : undefined;
  if (workload.type === T.ecsService && target === undefined) return []; // policies without it move nothing
  const own =
    workload.type === T.group
      ? stack.referrers(workload, GROUP_POLICY, "autoscalingGroupName")
      : [
          ...stack.referrers(workload, T.scalingPolicy, "resourceId"),
          ...(target ? stack.referrers(target, T.scalingPolicy, "resourceId") : []),
        ];
  return [...new Set(own)].map((policy) => [policy, percentOf(policy)] as const);
}

function percentOf(policy: Resource): number | undefined {
  const tracking = block(
    policy.props["targetTrackingConfiguration"] ?? policy.props["targetTrackingScalingPolicyConfiguration"],
  );
  const metric = text(block(tracking["predefinedMetricSpecification"])["predefinedMetricType"]);
  return /Average(CPU|Memory)Utilization$/.test(metric) ? number(tracking["targetValue"]) : undefined;
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
