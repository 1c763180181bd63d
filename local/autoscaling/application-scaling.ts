import type { GraphIndex, PlannedResource } from "../../graph/model";
import { oneOf, required } from "../unsupported";
import type { Scaling, ScalingMetric, TargetTrackingPolicy } from "./scaling";

const metrics = {
  ECSServiceAverageCPUUtilization: "cpu",
  ECSServiceAverageMemoryUtilization: "memory",
  LambdaProvisionedConcurrencyUtilization: "concurrency",
} as const satisfies Readonly<Record<string, ScalingMetric>>;

/** Cooldown of policies without one, by service namespace. */
const defaultCooldownSeconds: Readonly<Record<string, number>> = { ecs: 300, lambda: 0 };

/**
 * Reads what Application Auto Scaling changes by policies, by its resource id; undefined where no policy does.
 * @param resourceId  `service/<cluster>/<service>` or `function:<name>:<alias>`
 */
export function readApplicationScaling(index: GraphIndex, region: string, resourceId: string): Scaling | undefined {
  const of = (each: PlannedResource) => each.region === region && each.outputs["resourceId"] === resourceId;
  const target = index.ofType("aws:appautoscaling/target:Target").find(of);
  const policies = index.ofType("aws:appautoscaling/policy:Policy").filter(of);
  if (target === undefined || policies.length === 0) return undefined;
  return {
    min: required(target, "minCapacity", target.outputs["minCapacity"]),
    max: required(target, "maxCapacity", target.outputs["maxCapacity"]),
    policies: policies.map(targetTracking),
  };
}

/** @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html */
function targetTracking(policy: PlannedResource): TargetTrackingPolicy {
  oneOf(policy, "policyType", ["TargetTrackingScaling"], policy.outputs["policyType"]);
  const config = policy.outputs["targetTrackingScalingPolicyConfiguration"];
  const names = Object.keys(metrics) as (keyof typeof metrics)[];
  const type = config?.predefinedMetricSpecification?.predefinedMetricType;
  const cooldown = defaultCooldownSeconds[policy.outputs["serviceNamespace"]] ?? 300;
  return {
    kind: "target tracking",
    metric: metrics[oneOf(policy, "predefinedMetricType", names, type)],
    target: required(policy, "targetTrackingScalingPolicyConfiguration.targetValue", config.targetValue),
    scalesIn: config.disableScaleIn !== true,
    outCooldownSeconds: config.scaleOutCooldown ?? cooldown,
    inCooldownSeconds: config.scaleInCooldown ?? cooldown,
  };
}
