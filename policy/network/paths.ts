import { block, blocks, number, text } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { peek, UNKNOWN } from "../stack/unknown";
import { settings, stated, templateOf } from "../stack/workloads";

const ALIAS = "aws:lambda/alias:Alias";
const PROFILE = "aws:iam/instanceProfile:InstanceProfile";

/** What an integration of a gateway leads to. */
export interface Backend {
  readonly balancer?: Resource;
  readonly listener?: Resource;
  readonly discovery?: Resource;
  /** Groups, services, functions and Beanstalk environments. */
  readonly workloads: readonly Resource[];
}

export function backendOf(integration: Resource, stack: Stack): Backend {
  return stack.memo(`backend ${integration.urn}`, () => {
    const [target] = stack.targets(integration, "integrationUri", T.listener, T.discovery, ALIAS, T.function);
    switch (target?.type) {
      case T.listener: {
        const [balancer] = stack.targets(target, "loadBalancerArn", T.loadBalancer);
        return { ...(balancer && { balancer }), listener: target, workloads: behindListener(target, stack) };
      }
      case T.discovery:
        return { discovery: target, workloads: stack.referrers(target, T.ecsService, "serviceRegistries") };
      case ALIAS:
        return { workloads: stack.targets(target, "functionName", T.function) };
      case T.function:
        return { workloads: [target] };
      default:
        return { workloads: [] };
    }
  });
}

/** Groups and services of a listener's target groups, and Beanstalk environments that add rules to its port. */
export function behindListener(listener: Resource, stack: Stack): Resource[] {
  const groups = stack.targets(listener, "defaultActions", T.targetGroup);
  const found = groups.flatMap((group) => behindTargetGroup(group, stack));
  const [balancer] = stack.targets(listener, "loadBalancerArn", T.loadBalancer);
  if (balancer === undefined) return found;
  const port = text(listener.props["port"]);
  const shared = stack
    .referrers(balancer, T.beanstalk, "settings")
    .filter((one) => settings(one)(`aws:elbv2:listener:${port}`, "Rules") !== undefined);
  return [...found, ...shared];
}

export function behindTargetGroup(group: Resource, stack: Stack): Resource[] {
  return [
    ...stack.referrers(group, T.group, "targetGroupArns"),
    ...stack.referrers(group, T.ecsService, "loadBalancers"),
  ];
}

/** Workloads behind a balancer. */
export function behindBalancer(balancer: Resource, stack: Stack): Resource[] {
  const listeners = stack.referrers(balancer, T.listener, "loadBalancerArn");
  return [...new Set(listeners.flatMap((listener) => behindListener(listener, stack)))];
}

/** What carries a workload's environment: a task, a template, or the workload itself. */
export function carrierOf(workload: Resource, stack: Stack): Resource | undefined {
  if (workload.type === T.ecsService) return stack.targets(workload, "taskDefinition", T.ecsTask)[0];
  if (workload.type === T.group) return templateOf(workload, stack);
  return workload;
}

/** A number that a workload's environment states, such as KEEP_ALIVE_SECONDS; undefined when nothing tells. */
export function statedBy(workload: Resource, name: string, stack: Stack): number | undefined {
  const carrier = carrierOf(workload, stack);
  return carrier && stated(carrier, name);
}

/** Role that a workload's code runs with. */
export function roleOf(workload: Resource, stack: Stack): Resource | undefined {
  const carrier = carrierOf(workload, stack);
  if (carrier === undefined) return undefined;
  if (carrier.type === T.ecsTask) return stack.targets(carrier, "taskRoleArn", T.role)[0];
  if (carrier.type === T.function) return stack.targets(carrier, "role", T.role)[0];
  const property = carrier.type === T.launchTemplate ? "iamInstanceProfile" : "settings";
  const [profile] = stack.targets(carrier, property, PROFILE);
  return profile && stack.targets(profile, "role", T.role)[0];
}

/** Seconds that a gateway waits for an integration; AWS's default where it is not set. */
export function integrationSeconds(integration: Resource): number {
  return (number(integration.props["timeoutMilliseconds"]) ?? 30_000) / 1000;
}

/** Whether a record takes part in failover, and as what. */
export function failoverOf(record: Resource): "PRIMARY" | "SECONDARY" | undefined {
  const type = block(blocks(record.props["failoverRoutingPolicies"])[0])["type"];
  return type === "PRIMARY" || type === "SECONDARY" ? type : undefined;
}

/** Region that an alias record leads to. */
export function regionOfAlias(record: Resource, stack: Stack): string | undefined {
  const name = peek(() => text(block(blocks(record.props["aliases"])[0])["name"]));
  const named = name === UNKNOWN ? undefined : /\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(name)?.[1];
  if (named !== undefined) return named;
  for (const urn of record.dependsOn("aliases")) {
    const target = stack.urn(urn);
    const region = target && stack.regionOf(target);
    if (region !== undefined) return region;
  }
  return undefined;
}

/** Checks of an endpoint behind a record's health check: itself, or the children of a calculated one. */
export function endpointChecks(record: Resource, stack: Stack): Resource[] {
  const [check] = stack.targets(record, "healthCheckId", T.healthCheck);
  if (check === undefined) return [];
  return check.props["type"] === "CALCULATED" ? stack.targets(check, "childHealthchecks", T.healthCheck) : [check];
}
