import { capacityTypes } from "../../network/capacity";
import { integrationsOf } from "../../network/entrances";
import { backendOf, behindBalancer, carrierOf, integrationSeconds, statedBy } from "../../network/paths";
import { deregistrationDelays } from "../../network/target-groups";
import { N } from "../../network/tokens";
import type { Rule } from "../../pack/rule";
import { block, blocks, number, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";
import { containers } from "../../stack/workloads";

type Pair = readonly [what: string, outer: number, inner: string, seconds: number];

/** What the origin of a distribution is made from when it is an API. */
const apiTypes: readonly string[] = [
  T.api,
  T.restApi,
  T.stage,
  T.domainName,
  N.restDomain,
  "aws:apigateway/stage:Stage",
];

const GAP = 1.1;

/** The parameter by which a REST API tells Lambda not to wait for the function. */
const INVOCATION_TYPE = "integration.request.header.X-Amz-Invocation-Type";

/** Availability rules for timeouts and retries. */
export const timeoutsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "drain-order",
    types: capacityTypes,
    description: "A server that goes away finishes its requests: request time <= deregistration delay or drain time.",
    rationale: "Requests that are cut short are errors in every release and every scale-in.",
    fix: "raise the longer time or lower the shorter one",
    severity: "high",
    level: "production",
    lowUnless: ["redundant", "served", "operated"],
    ids: { availability: 20 },
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html",
    check(workload, { stack, report }) {
      const request = statedBy(workload, "REQUEST_TIMEOUT_SECONDS", stack);
      const drain = statedBy(workload, "DRAIN_SECONDS", stack);
      const stop = stopSeconds(workload, stack);
      // ECS stops a task after its balancer has drained it, so that the stop timeout bounds the server's own drain only.
      for (const [holder, seconds] of deregistrationDelays(workload, stack)) {
        const delay = number(seconds);
        if (request !== undefined && delay !== undefined && delay < request)
          report(
            holder,
            `must drain for the ${request} s a request may take, got a deregistration delay of ${delay}`,
            holder.type === T.targetGroup ? `set deregistrationDelay to ${request}` : undefined,
          );
      }
      if (drain !== undefined && request !== undefined && drain < request)
        report(
          workload,
          `must drain for the ${request} s a request may take, got DRAIN_SECONDS ${drain}`,
          `set the variable DRAIN_SECONDS to ${request}`,
        );
      if (drain !== undefined && stop !== undefined && drain > stop)
        report(
          workload,
          `must stop after the ${drain} s of draining, got a stop timeout of ${stop}`,
          `set stopTimeout of its containers to ${drain}`,
        );
    },
  },
  {
    scope: "stack",
    name: "keep-alive-order",
    types: [T.loadBalancer],
    description: "Servers keep connections longer than the balancer, and the balancer longer than the gateway waits.",
    rationale: "A server that closes first may close while the next request is on its way, which then fails with 502.",
    fix: "order them: the servers' keep-alive above idleTimeout, and that at or above the integration's timeout",
    severity: "high",
    level: "mandatory",
    lowUnless: ["redundant", "served", "operated"],
    ids: { availability: 21 },
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
    check(balancer, { stack, report }) {
      if (["network", "gateway"].includes(balancer.props["loadBalancerType"])) return;
      const idle = number(balancer.props["idleTimeout"]) ?? 60; // AWS's default
      for (const workload of behindBalancer(balancer, stack)) {
        const keep = statedBy(workload, "KEEP_ALIVE_SECONDS", stack);
        if (keep !== undefined && keep <= idle)
          report(
            workload,
            `must keep connections longer than the balancer's ${idle} s, got KEEP_ALIVE_SECONDS ${keep}`,
            `set the variable KEEP_ALIVE_SECONDS to ${idle + 5}`,
          );
      }
      for (const listener of stack.referrers(balancer, T.listener, "loadBalancerArn")) {
        for (const integration of stack.referrers(listener, T.integration, "integrationUri")) {
          const wait = integrationSeconds(integration);
          if (idle < wait)
            report(
              integration,
              `must not wait longer than the balancer's idle timeout of ${idle} s, got ${wait} s`,
              `set timeoutMilliseconds to ${idle * 1000}, or raise idleTimeout of ${balancer}`,
            );
        }
      }
    },
  },
  {
    scope: "stack",
    name: "nested-timeouts",
    types: [T.integration, N.restIntegration, T.function, T.distribution],
    description: "Each layer of a request's path waits a tenth longer than the one inside it.",
    rationale: "When the outer layer gives up first, the caller gets an error for work that was done.",
    fix: "raise the outer timeout or lower the inner one",
    severity: "medium",
    level: "production",
    ids: { availability: 22 },
    url: "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/",
    check(resource, { stack, report, advise }) {
      for (const [what, outer, inner, seconds] of pairsOf(resource, stack)) {
        const most = Math.floor(outer / GAP);
        // Rounded, as 1.1 x 10 is a little more than 11 in floating point.
        // With about the same time at both, such as 29 s of a REST API and 30 s of its function, few requests tell the difference.
        const say = outer * GAP < seconds ? report : advise;
        if (outer < Math.round(seconds * GAP * 1000) / 1000)
          say(
            resource,
            `must wait a tenth longer than the ${seconds} s of ${inner}, got ${what} ${outer} s`,
            `lower the timeout of ${inner} to ${most} s, or raise ${what}`,
          );
      }
    },
  },
];

/** Seconds between SIGTERM and SIGKILL of a container; ECS's default where it is not set. */
function stopSeconds(workload: Resource, stack: Stack): number | undefined {
  const task = workload.type === T.ecsService ? carrierOf(workload, stack) : undefined;
  if (task === undefined) return undefined;
  const all = containers(task).map((one) => number(one["stopTimeout"]) ?? 30);
  return all.length === 0 ? undefined : Math.min(...all);
}

function pairsOf(resource: Resource, stack: Stack): Pair[] {
  if (resource.type === T.function) {
    const app = statedBy(resource, "REQUEST_TIMEOUT_SECONDS", stack);
    return app === undefined ? [] : [["timeout", functionSeconds(resource), "its application", app]];
  }
  if (resource.type === T.distribution) return distributionPairs(resource, stack);
  // A request that only starts work waits for none.
  const parameters = peek(() => block(resource.props["requestParameters"])[INVOCATION_TYPE]);
  if (parameters === "'Event'") return [];
  const outer = integrationSeconds(resource);
  return backendOf(resource, stack).workloads.flatMap((workload): Pair[] => {
    const inner =
      workload.type === T.function ? functionSeconds(workload) : statedBy(workload, "REQUEST_TIMEOUT_SECONDS", stack);
    return inner === undefined ? [] : [["timeoutMilliseconds", outer, String(workload), inner]];
  });
}

/** A distribution before one of the stack's APIs waits longer than any of the API's integrations. */
function distributionPairs(distribution: Resource, stack: Stack): Pair[] {
  const apis = stack.of(T.api, T.restApi);
  const inner = Math.max(0, ...apis.flatMap((api) => integrationsOf(api, stack).map(integrationSeconds)));
  const leadsToApi = distribution.dependsOn("origins").some((urn) => apiTypes.includes(stack.urn(urn)?.type ?? ""));
  return blocks(distribution.props["origins"])
    .filter((origin) => origin["customOriginConfig"] !== undefined && inner > 0)
    .filter((origin) => {
      const name = peek(() => text(origin["domainName"]));
      return name === UNKNOWN ? leadsToApi : name.includes(".execute-api.") || isApiName(name, stack);
    })
    .map(
      (origin): Pair => [
        "originReadTimeout",
        number(block(origin["customOriginConfig"])["originReadTimeout"]) ?? 30,
        "the gateway",
        inner,
      ],
    );
}

function isApiName(name: string, stack: Stack): boolean {
  const names = stack.memo("names of APIs", () => {
    const found = new Set<string>();
    for (const domain of stack.of(T.domainName, N.restDomain)) {
      const own = peek(() => text(domain.props["domainName"]));
      if (own !== UNKNOWN) found.add(own);
    }
    return found;
  });
  return names.has(name);
}

function functionSeconds(lambda: Resource): number {
  return number(lambda.props["timeout"]) ?? 3; // AWS's default
}
