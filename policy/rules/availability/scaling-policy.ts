import { capacityTypes, scalerOf, zoneCount } from "../../core/capacity";
import { block, number, text } from "../../core/read";
import type { Resource } from "../../core/resource";
import type { StackRule } from "../../core/rule";
import type { Stack } from "../../core/stack";
import { T } from "../../core/types";
import { settings } from "../../core/workloads";

const GROUP_POLICY = "aws:autoscaling/policy:Policy";

export const scalingPolicy: StackRule = {
  scope: "stack",
  name: "scaling-policy",
  types: capacityTypes,
  holds: "Every group scales, and aims so low that the other zones can carry a lost one.",
  why: "At 80 percent in three zones, the loss of one asks 120 percent of the rest.",
  mend: "add a target tracking policy with a target of at most 90 x (zones - 1) / zones percent",
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
};

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
