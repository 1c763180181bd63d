import type { Decision, Measured, Scaling, TargetTrackingPolicy } from "./scaling";
import { average } from "./statistics";
import { type Proposal, TargetTracking } from "./target-tracking";
import { Trigger } from "./trigger";

/**
 * Decides how many servers a group has, minute by minute, by all of its policies: the largest number that one of them wants
 * to grow to, and a smaller number only when all that may shrink it want to.
 */
export class Capacity {
  private readonly tracked: readonly TargetTracking[];
  private readonly triggers: readonly Trigger[];
  /** The last increase: until its cooldown ends, only what would have been a larger one grows further. */
  private grown = { from: 0, until: Number.NEGATIVE_INFINITY };
  private shrinksFrom = Number.NEGATIVE_INFINITY;

  constructor(private readonly scaling: Scaling) {
    this.tracked = scaling.policies.flatMap((each) =>
      each.kind === "target tracking" ? new TargetTracking(each) : [],
    );
    this.triggers = scaling.policies.flatMap((each) => (each.kind === "trigger" ? new Trigger(each) : []));
  }

  /** Takes what was measured in a minute. @returns the number that is wanted from now on, within the planned bounds */
  decide(measured: Measured): Decision {
    const { warmupSeconds = 0 } = this.scaling;
    const warm = measured.servers.filter(({ ageSeconds }) => ageSeconds >= warmupSeconds);
    for (const each of this.tracked)
      each.record(...datapoint(each.policy, measured, warmupSeconds > 0 ? warm : undefined));
    for (const each of this.triggers) each.record(average(measured.servers.map(({ cpu }) => cpu)));
    return (
      this.grow(measured) ??
      (warm.length < measured.servers.length ? undefined : this.shrink(measured)) ??
      this.step(measured) ?? { desired: this.within(measured.desired), why: "" }
    );
  }

  private grow({ second, desired }: Measured): Decision | undefined {
    const cooling = second < this.grown.until;
    const found = this.largest("out", cooling ? this.grown.from : undefined);
    if (found === undefined || this.within(found.wanted) <= desired) return undefined;
    this.grown = { from: cooling ? this.grown.from : desired, until: second + found.by.policy.outCooldownSeconds };
    // Growing ends the cooldown of shrinking.
    this.shrinksFrom = Number.NEGATIVE_INFINITY;
    return { desired: this.within(found.wanted), why: describe(found.by) };
  }

  private shrink({ second, desired }: Measured): Decision | undefined {
    const may = this.tracked.filter(({ policy }) => policy.scalesIn);
    if (second < this.shrinksFrom || second < this.grown.until) return undefined;
    if (may.some((each) => each.propose().in === undefined)) return undefined;
    const found = this.largest("in");
    if (found === undefined || this.within(found.wanted) >= desired) return undefined;
    this.shrinksFrom = second + found.by.policy.inCooldownSeconds;
    return { desired: this.within(found.wanted), why: describe(found.by) };
  }

  private step({ second, desired }: Measured): Decision | undefined {
    for (const trigger of this.triggers) {
      const wanted = this.within(desired + trigger.change(second));
      if (wanted === desired) continue;
      trigger.changed(second);
      const { lower, upper } = trigger.policy;
      return { desired: wanted, why: `cpu is ${round(trigger.value!)}, outside ${lower}-${upper}` };
    }
    return undefined;
  }

  private largest(way: keyof Proposal, most?: number): { by: TargetTracking; wanted: number } | undefined {
    const found = this.tracked.flatMap((by) => {
      const wanted = by.propose(most)[way];
      return wanted === undefined ? [] : [{ by, wanted }];
    });
    return found.sort((a, b) => b.wanted - a.wanted)[0];
  }

  private within(wanted: number): number {
    return Math.max(this.scaling.min, Math.min(this.scaling.max, wanted));
  }
}

/**
 * Returns what a policy follows, and the capacity that it was measured of.
 * @param warm  the servers that have warmed up; unset where none has to
 */
function datapoint(
  { metric, targetGroup }: TargetTrackingPolicy,
  { desired, servers, requests, concurrency }: Measured,
  warm: Measured["servers"] | undefined,
): [value: number | undefined, capacity: number] {
  switch (metric) {
    case "cpu":
    case "memory":
      return [average((warm ?? servers).map((each) => each[metric])), warm?.length ?? desired];
    case "requests":
      return [requests.get(targetGroup!)?.each, requests.get(targetGroup!)?.targets ?? 0];
    case "concurrency":
      return [concurrency, desired];
  }
}

function describe({ policy, value }: TargetTracking): string {
  return `${policy.metric} is ${round(value!)}, its target ${policy.target}`;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
