import { block, blocks, number, text } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { peek, UNKNOWN } from "../stack/unknown";
import { settings, stated, templateOf } from "../stack/workloads";
import { targetsOf } from "./target-groups";
import { N } from "./tokens";

const ALIAS = "aws:lambda/alias:Alias";
const PROFILE = "aws:iam/instanceProfile:InstanceProfile";

/** What an integration of a gateway leads to. */
export interface Backend {
  readonly balancer?: Resource;
  readonly listener?: Resource;
  readonly discovery?: Resource;
  /** Groups, services, functions, instances and Beanstalk environments. */
  readonly workloads: readonly Resource[];
}

/** Returns what an integration of an HTTP, WebSocket or REST API leads to, as far as the program shows. */
export function backendOf(integration: Resource, stack: Stack): Backend {
  return stack.memo(`backend ${integration.urn}`, () => {
    const properties = integration.type === N.restIntegration ? ["integrationTarget", "uri"] : ["integrationUri"];
    for (const property of properties) {
      const [target] = stack.targets(integration, property, T.listener, T.discovery, ALIAS, T.function, T.loadBalancer);
      if (target !== undefined) return backendAt(target, stack);
    }
    // A REST API reaches a balancer by a VPC link that names it.
    for (const link of stack.targets(integration, "connectionId", N.restVpcLink)) {
      const [balancer] = stack.targets(link, "targetArn", T.loadBalancer);
      if (balancer !== undefined) return backendAt(balancer, stack);
    }
    return { workloads: [] };
  });
}

/** Returns the backend that begins at a listener, balancer, Cloud Map service, alias or function. */
export function backendAt(target: Resource, stack: Stack): Backend {
  switch (target.type) {
    case T.listener: {
      const [balancer] = stack.targets(target, "loadBalancerArn", T.loadBalancer);
      return { ...(balancer && { balancer }), listener: target, workloads: behindListener(target, stack) };
    }
    case T.loadBalancer:
      return { balancer: target, workloads: behindBalancer(target, stack) };
    case T.discovery:
      return { discovery: target, workloads: stack.referrers(target, T.ecsService, "serviceRegistries") };
    case ALIAS:
      return { workloads: stack.targets(target, "functionName", T.function) };
    case T.function:
      return { workloads: [target] };
    default:
      return { workloads: [] };
  }
}

/** Returns the function that an alias or a function is. */
export function functionsIn(resource: Resource, property: string, stack: Stack): Resource[] {
  const found = stack.dependencies(resource, property, [T.function, ALIAS]);
  return [...new Set(found.flatMap((one) => backendAt(one, stack).workloads))];
}

/**
 * Returns the workloads of a listener: of its default action and rules, and Beanstalk environments that add rules to its
 * port.
 * @param passed  balancers on the way here, so that two that lead to each other end
 */
export function behindListener(listener: Resource, stack: Stack, passed: readonly Resource[] = []): Resource[] {
  const groups = [
    ...stack.targets(listener, "defaultActions", T.targetGroup),
    ...stack
      .referrers(listener, N.listenerRule, "listenerArn")
      .flatMap((one) => stack.targets(one, "actions", T.targetGroup)),
  ];
  const found = [...new Set(groups)].flatMap((group) => behindTargetGroup(group, stack, passed));
  const [balancer] = stack.targets(listener, "loadBalancerArn", T.loadBalancer);
  if (balancer === undefined) return found;
  const port = text(listener.props["port"]);
  const shared = stack
    .referrers(balancer, T.beanstalk, "settings")
    .filter((one) => settings(one)(`aws:elbv2:listener:${port}`, "Rules") !== undefined);
  return [...found, ...shared];
}

/** Returns the workloads of a target group, those behind a balancer that it leads to included. */
export function behindTargetGroup(group: Resource, stack: Stack, passed: readonly Resource[] = []): Resource[] {
  return targetsOf(group, stack).flatMap((one) => {
    if (one.type !== T.loadBalancer) return [one];
    return passed.includes(one) ? [] : behindBalancer(one, stack, passed);
  });
}

/** Returns the workloads behind a balancer. */
export function behindBalancer(balancer: Resource, stack: Stack, passed: readonly Resource[] = []): Resource[] {
  const listeners = stack.referrers(balancer, T.listener, "loadBalancerArn");
  const now = [...passed, balancer];
  return [...new Set(listeners.flatMap((listener) => behindListener(listener, stack, now)))];
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

/** Returns the seconds that a gateway waits for an integration; AWS's default where it is not set. */
export function integrationSeconds({ type, props }: Resource): number {
  return (number(props["timeoutMilliseconds"]) ?? (type === N.restIntegration ? 29_000 : 30_000)) / 1000;
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
