import { type Graph, GraphIndex, type PlannedResource } from "../model";
import { regionsOf, ServiceIndex } from "../services";
import type { Checks } from "./checks";

/** What runs a service in a region, and what finds that a server of it fails. */
export interface RecoveringService {
  readonly service: string;
  readonly pattern: string;
  readonly region: string;
  /** What takes a server that fails out of service; none of a function, where each environment fails one event. */
  readonly checks?: Checks;
  /** What does so when the server's process ends, where that is sooner. */
  readonly ends?: Checks;
}

/** What a plan says of how faults are found. */
export interface RecoveryPlan {
  readonly stack: string;
  readonly services: readonly RecoveringService[];
  /** What moves the names of a region's API to the other one; none without failover. */
  readonly names?: Checks;
  /** Seconds for which a service answers those checks with the result of its last probe of what it needs. */
  readonly probeSeconds: number;
  /** Seconds for which clients may keep the old address. */
  readonly addressSeconds: number;
}

/**
 * Seconds that a resolver may keep the address of an alias to a regional API.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
 */
const aliasSeconds = 60;
/**
 * Route 53 waits 4 s for a connection and 2 s for the status.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
const checkerSeconds = 4 + 2;
/** The constant of apps/kit/region-health.ts. */
const probeSeconds = 5;
/** Seconds until the ECS agent reports a stopped task, when ECS deregisters it. Observed, not documented. */
export const stopReportSeconds = 1;
/** Shortest time limits of checks on one machine: of a request, and of one for which a process starts. */
const leastMs = { request: 250, process: 1_000 };

const stopReport: Checks = {
  by: "ECS, which is told that a task ended",
  ...{ failures: 1, intervalSeconds: stopReportSeconds, timeoutSeconds: 0, from: "start", leastTimeoutMs: 0 },
};

/** Reads from a plan what finds that a server, a zone or a region fails, with the planned intervals. */
export function recoveryOf(graph: Graph): RecoveryPlan {
  const index = new GraphIndex(graph);
  const services = new ServiceIndex(graph.resources);
  const found = [
    ...index.ofType("aws:ecs/service:Service").map((each) => [each, "ecs", ecsChecks(index, each)] as const),
    ...index.ofType("aws:autoscaling/group:Group").map((each) => [each, "ec2", groupChecks(index, each)] as const),
    ...index
      .ofType("aws:elasticbeanstalk/environment:Environment")
      .map((each) => [each, "beanstalk", beanstalkChecks(each)] as const),
    ...index
      .ofType("aws:lambda/function:Function")
      .filter(({ inputs }) => inputs["publish"] === true && services.names.includes(String(inputs["description"])))
      .map((each) => [each, "lambda", undefined] as const),
  ];
  const names = nameChecks(index);
  return {
    stack: graph.stack,
    services: found.flatMap(([resource, pattern, checks]) => {
      const service = services.of(resource);
      const { region } = resource;
      if (service === undefined || region === undefined) return [];
      return [{ service, pattern, region, ...(checks && { checks }), ...(pattern === "ecs" && { ends: stopReport }) }];
    }),
    ...(names && regionsOf(graph.resources).length > 1 ? { names } : {}),
    probeSeconds,
    addressSeconds: aliasSeconds,
  };
}

function ecsChecks(index: GraphIndex, { outputs }: PlannedResource): Checks | undefined {
  const arns: unknown[] = (outputs["loadBalancers"] ?? []).map((each: any) => each.targetGroupArn);
  const balanced = balancerChecks(index, arns);
  if (balanced !== undefined) return balanced;
  const [task] = index.where("aws:ecs/taskDefinition:TaskDefinition", { arn: outputs["taskDefinition"] });
  const [container] = JSON.parse(task?.outputs["containerDefinitions"] ?? "[]");
  const check = container?.healthCheck;
  if (check === undefined) return undefined;
  return {
    by: "the container's checks",
    failures: check.retries ?? 3,
    intervalSeconds: check.interval ?? 30,
    timeoutSeconds: check.timeout ?? 5,
    from: "end",
    leastTimeoutMs: leastMs.process,
  };
}

function groupChecks(index: GraphIndex, { outputs }: PlannedResource): Checks | undefined {
  return balancerChecks(index, outputs["targetGroupArns"] ?? []);
}

function balancerChecks(index: GraphIndex, arns: readonly unknown[]): Checks | undefined {
  const group = index.ofType("aws:lb/targetGroup:TargetGroup").find(({ outputs }) => arns.includes(outputs["arn"]));
  if (group === undefined) return undefined;
  const { interval = 30, timeout = 5, unhealthyThreshold = 2 } = group.outputs["healthCheck"] ?? {};
  return balancer(unhealthyThreshold, interval, timeout);
}

function beanstalkChecks({ outputs }: PlannedResource): Checks {
  const settings: any[] = outputs["settings"] ?? [];
  const of = (name: string) =>
    Number(
      settings.find(
        (each) => each.name === name && each.namespace === "aws:elasticbeanstalk:environment:process:default",
      )?.value,
    );
  return balancer(of("UnhealthyThresholdCount"), of("HealthCheckInterval"), of("HealthCheckTimeout"));
}

function balancer(failures: number, intervalSeconds: number, timeoutSeconds: number): Checks {
  const rest = { from: "start", leastTimeoutMs: leastMs.request } as const;
  return { by: "the balancer's checks", failures, intervalSeconds, timeoutSeconds, ...rest };
}

/** Checks of regions are alike; the slowest one counts. */
function nameChecks(index: GraphIndex): Checks | undefined {
  const all = index
    .ofType("aws:route53/healthCheck:HealthCheck")
    .filter(({ outputs }) => outputs["type"] !== "CALCULATED")
    .map(({ outputs }) => ({ interval: outputs["requestInterval"] ?? 30, failures: outputs["failureThreshold"] ?? 3 }))
    .sort((a, b) => b.interval * b.failures - a.interval * a.failures);
  const [slowest] = all;
  if (slowest === undefined) return undefined;
  return {
    by: "Route 53's checks",
    failures: slowest.failures,
    intervalSeconds: slowest.interval,
    timeoutSeconds: checkerSeconds,
    from: "start",
    leastTimeoutMs: leastMs.request,
  };
}
