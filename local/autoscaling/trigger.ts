import { Alarm } from "./alarm";
import type { TriggerPolicy } from "./scaling";
import { average } from "./statistics";

/**
 * The two alarms of a Beanstalk environment, each with a simple scaling policy. An alarm that stays on changes the number
 * again each minute, once the cooldown has passed.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-autoscaling-triggers.html
 */
export class Trigger {
  private readonly high: Alarm;
  private readonly low: Alarm;
  private minutes: (number | undefined)[] = [];
  private changedAt = Number.NEGATIVE_INFINITY;
  value: number | undefined;

  constructor(readonly policy: TriggerPolicy) {
    this.high = new Alarm((value) => value > policy.upper, policy.periods);
    this.low = new Alarm((value) => value < policy.lower, policy.periods);
  }

  /** Takes what was measured in a minute. */
  record(value: number | undefined): void {
    this.minutes.push(value);
    if (this.minutes.length < this.policy.periodMinutes) return;
    this.value = average(this.minutes);
    this.minutes = [];
    this.high.record(this.value);
    this.low.record(this.value);
  }

  /** Returns by how much the number changes now. */
  change(second: number): number {
    if (second < this.changedAt + this.policy.cooldownSeconds) return 0;
    if (this.high.state === "alarm") return this.policy.upperChange;
    return this.low.state === "alarm" ? this.policy.lowerChange : 0;
  }

  /** Begins the cooldown. */
  changed(second: number): void {
    this.changedAt = second;
  }
}
