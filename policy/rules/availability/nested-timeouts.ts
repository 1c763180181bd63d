import { backendOf, integrationSeconds, statedBy } from "../../core/paths";
import { block, blocks, number } from "../../core/read";
import type { Resource } from "../../core/resource";
import type { StackRule } from "../../core/rule";
import type { Stack } from "../../core/stack";
import { T } from "../../core/types";

const GAP = 1.1;

export const nestedTimeouts: StackRule = {
  scope: "stack",
  name: "nested-timeouts",
  types: [T.integration, T.function, T.distribution],
  holds: "Each layer waits a tenth longer than the one inside it.",
  why: "Else the outer one gives up first: the caller gets an error for work that was done.",
  mend: "raise the outer timeout or lower the inner one",
  severity: "high",
  level: "mandatory",
  ids: { availability: 22 },
  url: "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/",
  check(resource, { stack, report }) {
    for (const [what, outer, inner, seconds] of pairsOf(resource, stack)) {
      // Rounded, as 1.1 x 10 is a little more than 11 in floating point.
      if (outer < Math.round(seconds * GAP * 1000) / 1000)
        report(resource, `must wait a tenth longer than the ${seconds} s of ${inner}, got ${what} ${outer} s`);
    }
  },
};

type Pair = readonly [what: string, outer: number, inner: string, seconds: number];

function pairsOf(resource: Resource, stack: Stack): Pair[] {
  if (resource.type === T.function) {
    const app = statedBy(resource, "REQUEST_TIMEOUT_SECONDS", stack);
    return app === undefined ? [] : [["timeout", functionSeconds(resource), "its application", app]];
  }
  if (resource.type === T.distribution) return distributionPairs(resource, stack);
  const outer = integrationSeconds(resource);
  return backendOf(resource, stack).workloads.flatMap((workload): Pair[] => {
    const inner =
      workload.type === T.function ? functionSeconds(workload) : statedBy(workload, "REQUEST_TIMEOUT_SECONDS", stack);
    return inner === undefined ? [] : [["timeoutMilliseconds", outer, String(workload), inner]];
  });
}

/** A distribution before the stack's own APIs waits longer than any of their integrations. */
function distributionPairs(distribution: Resource, stack: Stack): Pair[] {
  const inner = Math.max(0, ...stack.of(T.integration).map(integrationSeconds));
  return blocks(distribution.props["origins"])
    .filter((origin) => origin["customOriginConfig"] !== undefined && inner > 0)
    .map(
      (origin): Pair => [
        "originReadTimeout",
        number(block(origin["customOriginConfig"])["originReadTimeout"]) ?? 30,
        "the gateway",
        inner,
      ],
    );
}

function functionSeconds(lambda: Resource): number {
  return number(lambda.props["timeout"]) ?? 3; // AWS's default
}
