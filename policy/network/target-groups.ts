import { at, list } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { peek } from "../stack/unknown";
import { settings } from "../stack/workloads";
import { groupAttachments, N } from "./tokens";

/** Returns whether a balancer or target group passes packets to appliances: it has no zones, paths or requests. */
export function isForAppliances({ type, props }: Resource): boolean {
  return type === T.loadBalancer ? props["loadBalancerType"] === "gateway" : props["protocol"] === "GENEVE";
}

/** Returns the target groups that a workload's servers are registered with. */
export function targetGroupsOf(workload: Resource, stack: Stack): Resource[] {
  switch (workload.type) {
    case T.ecsService:
      return stack.targets(workload, "loadBalancers", T.targetGroup);
    case T.group:
      return [
        ...stack.targets(workload, "targetGroupArns", T.targetGroup),
        ...stack.targets(workload, "trafficSources", T.targetGroup),
        ...groupAttachments.flatMap(([type, path]) =>
          stack
            .referrers(workload, type, "autoscalingGroupName")
            .flatMap((one) => stack.targets(one, path, T.targetGroup)),
        ),
      ];
    default:
      return stack
        .referrers(workload, N.targetAttachment, "targetId")
        .flatMap((one) => stack.targets(one, "targetGroupArn", T.targetGroup));
  }
}

/** Returns what is registered with a target group: groups, ECS services, instances, functions and other balancers. */
export function targetsOf(group: Resource, stack: Stack): Resource[] {
  return [
    ...stack.referrers(group, T.group, "targetGroupArns"),
    ...stack.referrers(group, T.group, "trafficSources"),
    ...groupAttachments.flatMap(([type, path]) =>
      stack.referrers(group, type, path).flatMap((one) => stack.targets(one, "autoscalingGroupName", T.group)),
    ),
    ...stack.referrers(group, T.ecsService, "loadBalancers"),
    ...stack
      .referrers(group, N.targetAttachment, "targetGroupArn")
      .flatMap((one) => stack.targets(one, "targetId", N.instance, T.function, T.loadBalancer)),
  ];
}

/** Returns whether requests reach a workload, as far as the program shows: batch work and cluster nodes are not served. */
export function isServing(workload: Resource, stack: Stack): boolean {
  const isSet = (path: string) => peek(() => list(at(workload.props, path)).length) !== 0;
  switch (workload.type) {
    case T.beanstalk:
      return peek(() => workload.props["tier"]) !== "Worker";
    case T.ecsService:
      return ["loadBalancers", "serviceRegistries", "serviceConnectConfiguration.services"].some(isSet);
    case T.group:
      return (
        ["targetGroupArns", "trafficSources", "loadBalancers"].some(isSet) || targetGroupsOf(workload, stack).length > 0
      );
    default:
      return targetGroupsOf(workload, stack).length > 0;
  }
}

/** Returns the deregistration delays of a workload in seconds, each with the resource that sets it. */
export function deregistrationDelays(
  workload: Resource,
  stack: Stack,
): (readonly [holder: Resource, seconds: unknown])[] {
  if (workload.type === T.beanstalk) {
    // Beanstalk's own default, which differs from that of Elastic Load Balancing.
    const set = settings(workload)("aws:elasticbeanstalk:environment:process:default", "DeregistrationDelay");
    return [[workload, set ?? 20]];
  }
  return targetGroupsOf(workload, stack).map((group) => [group, group.props["deregistrationDelay"] ?? 300] as const);
}
