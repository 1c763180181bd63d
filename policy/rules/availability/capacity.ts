import { openings, ruleTypes } from "../../network/access";
import {
  type Capacity,
  capacityOf,
  capacityTypes,
  peakOf,
  scalerOf,
  workloadZones,
  zoneCount,
} from "../../network/capacity";
import { igwSubnets } from "../../network/openings";
import { isServing, targetGroupsOf } from "../../network/target-groups";
import { N } from "../../network/tokens";
import { atMost } from "../../network/zones";
import type { Rule } from "../../pack/rule";
import { block, isTrue, number, show } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Servers that a workload needs so that one is left when a zone is lost. */
const PAIR = 2;

/** Ports that web servers listen on. */
const webPorts = [80, 443, 3000, 8000, 8080, 8443];

const peaks = {
  type: "object",
  description: "Servers needed at the peak, by a part of the resource's name. Default: one is enough.",
  default: {},
} as const;

/** Availability rules for the number of servers and how it changes. */
export const capacityRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "minimum-capacity",
    types: capacityTypes,
    description: "The servers that are left when a zone is lost carry the peak.",
    rationale: "New servers may not start when every customer of the zone asks for some; running ones are certain.",
    fix: "raise the minimum to zones x ceil(peak / (zones - 1)), or to 2 where no peak is configured",
    severity: "high",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 3 },
    settings: { peaks },
    check(workload, { stack, report, setting }) {
      const capacity = capacityOf(workload, stack);
      if (capacity === undefined) return;
      const peak = peakOf(workload, setting("peaks"));
      const zones = workloadZones(workload, stack);
      // Where there is one zone, more servers do not help: the rule on zones reports it.
      if (zones !== undefined && atMost(zones) < 2) return;
      if (peak === undefined) {
        if (capacity.min < PAIR && isServing(workload, stack))
          report(
            capacity.holder,
            `must keep ${PAIR} servers, so that a lost zone leaves one, got ${capacity.min}`,
            raise(capacity, PAIR),
          );
        return;
      }
      const count = zoneCount(workload, stack);
      if (count < 2) return;
      const least = count * Math.ceil(peak / (count - 1));
      if (capacity.min < least)
        report(
          capacity.holder,
          `must keep ${least} servers for a peak of ${peak} in ${count} zones, got ${capacity.min}`,
          raise(capacity, least),
        );
    },
  },
  {
    scope: "stack",
    name: "desired-per-zone",
    types: [T.ecsService],
    description:
      "An ECS service starts with its scaler's minimum, and spreads its tasks over the zones again after a loss.",
    rationale: "After a zone returns, all tasks are still in the others, and the next loss takes half of them.",
    fix: "set desiredCount to the scaler's minimum or more, and leave availabilityZoneRebalancing ENABLED",
    severity: "medium",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 4 },
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html",
    check(service, { stack, report }) {
      if (service.props["schedulingStrategy"] === "DAEMON") return;
      const scaler = scalerOf(service, stack);
      const least = scaler && number(scaler.props["minCapacity"]);
      // Without a scaler the count is the service's minimum, which has a rule of its own.
      if (least !== undefined) {
        const desired = number(service.props["desiredCount"]) ?? 0; // the provider's default
        if (desired < least)
          report(
            service,
            `must start with the ${least} tasks of its scaler, got desiredCount ${desired}`,
            `set desiredCount to ${least}`,
          );
      }
      // AWS turns it on for every new service that can have it.
      const balancing = service.props["availabilityZoneRebalancing"];
      if (balancing === "DISABLED")
        report(
          service,
          `must rebalance its zones, got availabilityZoneRebalancing ${show(balancing)}`,
          "set availabilityZoneRebalancing to ENABLED",
        );
    },
  },
  {
    scope: "stack",
    name: "scheduled-minimum",
    types: [N.groupSchedule, N.scheduledAction],
    description: "A scheduled action leaves a served group the servers that a lost zone needs.",
    rationale:
      "An outage that begins while the schedule has taken servers away finds none, and new ones may not start.",
    fix: "raise the schedule's minimum and desired size to the minimum of the group, or to 2",
    severity: "high",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 59 },
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html",
    settings: { peaks },
    check(schedule, { stack, report, setting }) {
      for (const workload of scheduled(schedule, stack)) {
        if (!isServing(workload, stack)) continue;
        const peak = peakOf(workload, setting("peaks"));
        const count = peak === undefined ? 0 : zoneCount(workload, stack);
        const least = peak === undefined || count < 2 ? PAIR : count * Math.ceil(peak / (count - 1));
        for (const [path, value] of sizesOf(schedule)) {
          if (value >= least) continue;
          const prefix = schedule.type === N.groupSchedule ? "" : "scalableTargetAction.";
          const low = sizesOf(schedule).filter(([, size]) => size < least);
          return report(
            schedule,
            `must leave ${workload} ${least} servers, got ${path} ${value}`,
            `set ${low.map(([each]) => `${prefix}${each} to ${least}`).join(" and ")}`,
          );
        }
      }
    },
  },
  {
    scope: "stack",
    name: "instance-replaced",
    types: [N.instance],
    description: "An instance that serves requests is started by an Auto Scaling group.",
    rationale: "AWS restarts an instance in its own zone only; when that zone is lost, nothing starts another one.",
    fix: "start it from a launch template by an Auto Scaling group over several zones, of one server if need be",
    severity: "medium",
    level: "advisory",
    lowUnless: ["redundant", "served", "operated"],
    ids: { availability: 60 },
    url: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_withstand_component_failures_auto_healing_system.html",
    check(instance, { stack, report, advise }) {
      const isTarget = targetGroupsOf(instance, stack).length > 0;
      // One that is only open to the internet may be a tool, such as a VPN.
      const say = isTarget ? report : advise;
      if (isTarget || (isOpen(instance, stack) && isPublic(instance, stack)))
        say(instance, "must be replaced in another zone when its own is lost, got no Auto Scaling group");
    },
  },
];

/** The property that a minimum is in, by the type that has it. */
const minimums: Readonly<Record<string, string>> = {
  [T.beanstalk]: "aws:autoscaling:asg MinSize",
  [T.ecsService]: "desiredCount",
  [T.group]: "minSize",
  [T.scalingTarget]: "minCapacity",
};
const maximums: Readonly<Record<string, string>> = { [T.group]: "maxSize", [T.scalingTarget]: "maxCapacity" };

/** How to raise a minimum, and the maximum with it where that is lower. */
function raise({ holder, max }: Capacity, least: number): string {
  const most = maximums[holder.type];
  const more = most !== undefined && max < least ? ` and ${most} to ${least}` : "";
  return `set ${minimums[holder.type]} to ${least}${more}`;
}

/** Workloads whose size a scheduled action sets. */
function scheduled(schedule: Resource, stack: Stack): Resource[] {
  if (schedule.type === N.groupSchedule) return stack.targets(schedule, "autoscalingGroupName", T.group);
  const direct = stack.targets(schedule, "resourceId", T.ecsService);
  const scalers = stack.targets(schedule, "resourceId", T.scalingTarget);
  return [...new Set([...direct, ...scalers.flatMap((one) => stack.targets(one, "resourceId", T.ecsService))])];
}

/** Sizes that a scheduled action sets; -1 leaves one as it is. */
function sizesOf(schedule: Resource): (readonly [string, number])[] {
  const names = ["minSize", "desiredCapacity", "maxSize"];
  const action = block(schedule.props["scalableTargetAction"]);
  const all =
    schedule.type === N.groupSchedule
      ? names.map((name) => [name, number(schedule.props[name])] as const)
      : ["minCapacity", "maxCapacity"].map((name) => [name, number(action[name])] as const);
  return all.flatMap(([name, value]) => (value === undefined || value < 0 ? [] : [[name, value] as const]));
}

/** The world may connect to a port of web servers. */
function isOpen(instance: Resource, stack: Stack): boolean {
  return stack.targets(instance, "vpcSecurityGroupIds", T.securityGroup).some((group) => opensWeb(group, stack));
}

function isPublic(instance: Resource, stack: Stack): boolean {
  const subnets = stack.targets(instance, "subnetId", T.subnet);
  return (
    isTrue(peek(() => instance.props["associatePublicIpAddress"])) ||
    peek(() => instance.props["subnetId"]) === undefined || // the default VPC's subnets are public
    subnets.some((subnet) => igwSubnets(stack).has(subnet))
  );
}

function opensWeb(group: Resource, stack: Stack): boolean {
  const rules = [
    group,
    ...stack.referrers(group, ruleTypes.ingress, "securityGroupId"),
    ...stack.referrers(group, ruleTypes.legacy, "securityGroupId"),
  ];
  return rules
    .flatMap((rule) => openings(rule))
    .some(({ direction, world, from, to }) => {
      const isWeb = from === -1 || webPorts.some((port) => from <= port && port <= to);
      return direction === "ingress" && world && isWeb;
    });
}
