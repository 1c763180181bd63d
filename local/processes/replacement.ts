/** How the unhealthy servers of a group are replaced. */
export interface ReplacementPolicy {
  /** Servers that are replaced at the same time. */
  readonly atATime: number;
  /** When the new server starts: before the old one is removed, together with its removal, or after it. */
  readonly newServer: "before" | "together" | "after";
}

/**
 * Returns how ECS replaces unhealthy tasks: new ones first, as many as `maximumPercent` allows (rounded down); without
 * room for one, it stops a task at a time and then starts the next. `minimumHealthyPercent` limits deployments.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
 */
export function ecsReplacement(desired: number, maximumPercent: number): ReplacementPolicy {
  const more = Math.floor((desired * maximumPercent) / 100) - desired;
  return more > 0 ? { atATime: more, newServer: "before" } : { atATime: 1, newServer: "after" };
}

/** Instance maintenance policy of an Auto Scaling group, in percent of its desired capacity. */
export interface InstanceMaintenancePolicy {
  readonly minHealthyPercentage?: number | undefined;
  readonly maxHealthyPercentage?: number | undefined;
}

/**
 * Returns how Auto Scaling replaces unhealthy instances. With a maximum over 100 % new ones are launched and ready
 * before others are terminated; without a policy, or with a maximum of 100 %, both happen at the same time: for a tenth of
 * the group, or what the minimum leaves. One is always possible.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-maintenance-policy-overview-and-considerations.html
 */
export function autoScalingReplacement(desired: number, policy: InstanceMaintenancePolicy = {}): ReplacementPolicy {
  const { minHealthyPercentage: min = -1, maxHealthyPercentage: max = -1 } = policy;
  const of = (percent: number) => Math.max(1, Math.floor((desired * percent) / 100));
  if (min < 0 || max < 0) return { atATime: of(10), newServer: "together" };
  return max > 100
    ? { atATime: of(max - 100), newServer: "before" }
    : { atATime: of(100 - min), newServer: "together" };
}

/** When a deployment starts a new server: before the old one is removed, together with its removal, or after it. */
export type DeploymentOrder = ReplacementPolicy["newServer"];

/**
 * Returns the order in which an instance refresh replaces instances. With a maximum over 100 % a new one is ready first; else
 * an instance is terminated, as many at a time as the minimum of 90 % by default leaves, and then replaced.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
 */
export function refreshOrder({ maxHealthyPercentage: max = 100 }: InstanceMaintenancePolicy = {}): DeploymentOrder {
  return max > 100 ? "before" : "after";
}

/**
 * Returns the order in which a Beanstalk environment gets a new version: additional servers first, or the servers that there
 * are take it, while they get no requests.
 * @param policy  DeploymentPolicy
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.rolling-version-deploy.html
 */
export function beanstalkOrder(policy: string = "AllAtOnce"): DeploymentOrder {
  return ["Immutable", "TrafficSplitting", "RollingWithAdditionalBatch"].includes(policy) ? "before" : "after";
}
