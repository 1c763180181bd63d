import { capacityTypes } from "../../core/capacity";
import { carrierOf, statedBy } from "../../core/paths";
import { number } from "../../core/read";
import type { Resource } from "../../core/resource";
import type { StackRule } from "../../core/rule";
import type { Stack } from "../../core/stack";
import { T } from "../../core/types";
import { containers, settings } from "../../core/workloads";

export const drainOrder: StackRule = {
  scope: "stack",
  name: "drain-order",
  types: capacityTypes,
  holds: "A server that goes away finishes its requests: request time <= deregistration delay <= stop timeout.",
  why: "Whatever is cut short is an error per release and per scale-in.",
  mend: "raise the outer one or lower the inner one",
  severity: "high",
  level: "mandatory",
  ids: { availability: 20 },
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html",
  check(workload, { stack, report }) {
    const request = statedBy(workload, "REQUEST_TIMEOUT_SECONDS", stack);
    const drain = statedBy(workload, "DRAIN_SECONDS", stack);
    const groups = targetGroupsOf(workload, stack);
    const stop = stopSeconds(workload, stack);
    for (const [holder, delay] of delays(workload, groups)) {
      if (request !== undefined && delay < request)
        report(holder, `must drain for the ${request} s a request may take, got a deregistration delay of ${delay}`);
      if (stop !== undefined && delay > stop)
        report(workload, `must stop after the ${delay} s of draining, got a stop timeout of ${stop}`);
    }
    if (drain !== undefined && request !== undefined && drain < request)
      report(workload, `must drain for the ${request} s a request may take, got DRAIN_SECONDS ${drain}`);
    if (drain !== undefined && stop !== undefined && drain > stop)
      report(workload, `must stop after the ${drain} s of draining, got a stop timeout of ${stop}`);
  },
};

function targetGroupsOf(workload: Resource, stack: Stack): Resource[] {
  if (workload.type === T.beanstalk) return [];
  return stack.targets(workload, workload.type === T.group ? "targetGroupArns" : "loadBalancers", T.targetGroup);
}

/** Deregistration delays in seconds, with the resource that sets each. */
function delays(workload: Resource, groups: readonly Resource[]): (readonly [Resource, number])[] {
  if (workload.type === T.beanstalk) {
    const set = number(settings(workload)("aws:elasticbeanstalk:environment:process:default", "DeregistrationDelay"));
    return [[workload, set ?? 20]];
  }
  return groups.map((group) => [group, number(group.props["deregistrationDelay"]) ?? 300] as const);
}

/** Seconds between SIGTERM and SIGKILL of a container; ECS's default where it is not set. */
function stopSeconds(workload: Resource, stack: Stack): number | undefined {
  const task = workload.type === T.ecsService ? carrierOf(workload, stack) : undefined;
  if (task === undefined) return undefined;
  const all = containers(task).map((one) => number(one["stopTimeout"]) ?? 30);
  return all.length === 0 ? undefined : Math.min(...all);
}
