import { capacityOf, capacityTypes, scalerOf, zoneCount } from "../../network/capacity";
import { isServing } from "../../network/target-groups";
import { N } from "../../network/tokens";
import type { Rule } from "../../pack/rule";
import { block, blocks, number, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";
import { settings } from "../../stack/workloads";

/** Tags by which something inside the cluster, and no scaling policy, sets the size of a group. */
const clusterTag = /^(k8s\.io\/cluster-autoscaler|kubernetes\.io\/cluster|eks:|karpenter\.sh)/;

/** The property that a maximum is in, by the type that has it. */
const maximums: Readonly<Record<string, string>> = { [T.group]: "maxSize", [T.scalingTarget]: "maxCapacity" };

/** Availability rules for scaling with the load. */
export const scalingRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "scaling-room",
    types: capacityTypes,
    description: "What scales can grow by half of its minimum.",
    rationale: "A scaler that is at its maximum adds nothing when the load rises or a zone is lost.",
    fix: "raise the maximum to one and a half times the minimum",
    severity: "medium",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 6 },
    check(workload, { stack, report, advise }) {
      const capacity = capacityOf(workload, stack);
      // Without a policy the number of servers is fixed on purpose.
      if (capacity === undefined || policiesOf(workload, stack).length === 0) return;
      const { min, max, holder } = capacity;
      // A little room is what a program has decided on; without any its policy does nothing.
      const say = max <= min ? report : advise;
      if (max < 1.5 * min)
        say(
          holder,
          `must be able to grow to ${Math.ceil(1.5 * min)}, got a maximum of ${max} for a minimum of ${min}`,
          maximums[holder.type] && `set ${maximums[holder.type]} to ${Math.ceil(1.5 * min)}`,
        );
    },
  },
  {
    scope: "stack",
    name: "scaling-policy",
    types: capacityTypes,
    description: "What serves requests scales, and aims so low that the other zones can carry a lost one.",
    rationale: "At 80 percent of use in three zones, the loss of one asks for 120 percent of the rest.",
    fix: "add a target tracking policy with a target of at most 90 x (zones - 1) / zones percent",
    severity: "low",
    level: "advisory",
    ids: { availability: 7 },
    check(workload, { stack, report }) {
      const policies = policiesOf(workload, stack);
      if (policies.length === 0) {
        if (isServing(workload, stack) && !isSizedElsewhere(workload, stack))
          report(workload, "must scale with its load, got no scaling policy");
        return;
      }
      const aimed = policies.filter(([, target]) => target !== undefined);
      if (aimed.length === 0) return;
      const count = zoneCount(workload, stack);
      const cap = count < 2 ? 100 : Math.floor((90 * (count - 1)) / count);
      for (const [policy, target] of aimed) {
        if (target !== undefined && target > cap)
          report(
            policy,
            `must aim at ${cap} percent or less in ${count} zones, got ${target}`,
            policy.props["targetTrackingConfiguration"] === undefined
              ? `lower the target to ${cap}`
              : `set targetTrackingConfiguration.targetValue to ${cap}`,
          );
      }
    },
  },
];

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
      ? stack.referrers(workload, N.groupPolicy, "autoscalingGroupName")
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

/** A schedule, a task on each node, a capacity provider of ECS, or Kubernetes sets the number. */
function isSizedElsewhere(workload: Resource, stack: Stack): boolean {
  // Beanstalk scales by network traffic unless it is told to measure something else, for which it has no thresholds.
  if (workload.type === T.beanstalk) return settings(workload)("aws:autoscaling:trigger", "MeasureName") === undefined;
  if (workload.type === T.ecsService) {
    const scaler = scalerOf(workload, stack);
    const isDaemon = peek(() => workload.props["schedulingStrategy"]) === "DAEMON";
    return isDaemon || (scaler !== undefined && stack.referrers(scaler, N.scheduledAction, "resourceId").length > 0);
  }
  const tags = peek(() => blocks(workload.props["tags"]).map((tag) => text(tag["key"])));
  return (
    (tags !== UNKNOWN && tags.some((key) => clusterTag.test(key))) ||
    stack.referrers(workload, N.groupSchedule, "autoscalingGroupName").length > 0 ||
    stack.referrers(workload, N.capacityProvider, "autoScalingGroupProvider").length > 0
  );
}
