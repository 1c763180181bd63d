import { type Checks, detectionMs } from "../../graph/recovery/checks";
import type { RecoveryPlan } from "../../graph/recovery/recovery";
import type { DrillKind } from "./report";

/** What the plan says of how long a fault is seen, in milliseconds at the platform's time scale. */
export interface PlannedDetection {
  /** What finds it. */
  readonly by: string;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

/** A fault, as far as its detection depends on it. */
export interface DetectedFault {
  readonly kind: DrillKind;
  readonly how: string;
  readonly region: string;
}

/**
 * Returns how long a service is affected by a fault, by the planned checks.
 * @returns undefined where nothing is planned to find it: a function, a store that is slow, a shift, a release
 */
export function plannedDetection(
  plan: RecoveryPlan,
  { kind, how, region }: DetectedFault,
  service: string,
  timeScale: number,
): PlannedDetection | undefined {
  if (how === "slow" || how === "flaky" || how === "shift") return undefined;
  const own = plan.services.find((each) => each.service === service && each.region === region);
  const answered = how === "kill" || how === "refuse";
  switch (kind) {
    case "region":
      return plan.names && detection(plan.names, answered, timeScale);
    case "dependency":
      return plan.names && detection({ ...plan.names, cachedSeconds: plan.probeSeconds }, answered, timeScale);
    case "instance":
    case "zone": {
      const checks = (answered ? own?.ends : undefined) ?? own?.checks;
      return checks && detection(checks, answered, timeScale);
    }
    case "deploy":
      return undefined;
  }
}

function detection(checks: Checks, answered: boolean, timeScale: number): PlannedDetection {
  const at = (quantile: number) => Math.round(detectionMs(checks, quantile, answered, timeScale));
  return { by: checks.by, medianMs: at(0.5), p99Ms: at(0.99), worstMs: at(1) };
}

/** Returns the longest of several, by its worst; undefined for none. */
export function slowest(all: readonly (PlannedDetection | undefined)[]): PlannedDetection | undefined {
  return all.filter((each) => each !== undefined).sort((a, b) => b.worstMs - a.worstMs)[0];
}
