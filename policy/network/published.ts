import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { capacityOf, workloadZones } from "./capacity";
import { backendOf, behindBalancer, carrierOf } from "./paths";
import { failoverNames } from "./regions";

/**
 * Levels that AWS publishes, in percent: the thresholds of service credits, not forecasts (November 2026).
 * @see https://aws.amazon.com/legal/service-level-agreements/
 */
const published = {
  "API Gateway": 99.95,
  "load balancer in several zones": 99.99,
  "load balancer in one zone": 99.9,
  "servers in several zones": 99.99,
  "one server": 99.5,
  Lambda: 99.95,
  "Cloud Map": 99.95,
  DynamoDB: 99.99,
} as const;
type Part = keyof typeof published;

/** Availability of a path, and what it was computed from. */
export interface Estimate {
  readonly percent: number;
  readonly parts: readonly Part[];
}

/** Seconds until a failed region serves again, and the chance that failover works. */
const REPAIR_SECONDS = 3600;
const FAILOVER_WORKS = 0.99;

/**
 * Availability of what a request passes behind an integration: the product of its hard dependencies; over two regions
 * with failover, less what detection and a failed failover cost.
 */
export function availabilityOf(integration: Resource, stack: Stack, recoverySeconds: number): Estimate {
  const parts = partsOf(integration, stack);
  const region = parts.reduce((product, part) => (product * published[part]) / 100, 1);
  if (!failsOver(stack)) return { percent: 100 * region, parts };
  const down = 1 - region;
  const switching = FAILOVER_WORKS * Math.min(1, recoverySeconds / REPAIR_SECONDS) + (1 - FAILOVER_WORKS);
  return { percent: 100 * (1 - down * switching - down * down), parts };
}

function partsOf(integration: Resource, stack: Stack): Part[] {
  const { balancer, discovery, workloads } = backendOf(integration, stack);
  const parts: Part[] = ["API Gateway"];
  if (balancer) {
    const many = behindBalancer(balancer, stack).some((one) => (workloadZones(one, stack)?.names.size ?? 0) > 1);
    parts.push(many ? "load balancer in several zones" : "load balancer in one zone");
  }
  if (discovery) parts.push("Cloud Map");
  const [workload] = workloads;
  if (workload === undefined) return parts;
  if (workload.type === T.function) parts.push("Lambda");
  else parts.push(isSpread(workload, stack) ? "servers in several zones" : "one server");
  const carrier = carrierOf(workload, stack);
  const tables = stack.of(T.table).map(({ urn }) => urn);
  if (carrier?.dependencies().some((urn) => tables.includes(urn))) parts.push("DynamoDB");
  return parts;
}

function isSpread(workload: Resource, stack: Stack): boolean {
  return (capacityOf(workload, stack)?.min ?? 1) > 1 && (workloadZones(workload, stack)?.names.size ?? 0) > 1;
}

/** A record that fails over may have its other half in another region's stack. */
function failsOver(stack: Stack): boolean {
  return failoverNames(stack).size > 0;
}
