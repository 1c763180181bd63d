import { Alarm } from "./alarm";
import type { TargetTrackingPolicy } from "./scaling";

/** Datapoints of a minute, in a row, after which a target tracking policy adds or removes capacity. */
const datapoints = { out: 3, in: 15 };
/** A policy removes capacity only below this part of its target, so that the number does not go back and forth. */
const lowPart = 0.9;

/** What one policy wants of a group's capacity; both are unset while its alarms are off. */
export interface Proposal {
  readonly out?: number;
  readonly in?: number;
}

/**
 * One target tracking policy with its two alarms.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 */
export class TargetTracking {
  private readonly high: Alarm;
  private readonly low: Alarm;
  value: number | undefined;
  private capacity = 0;

  constructor(readonly policy: TargetTrackingPolicy) {
    this.high = new Alarm((value) => value > policy.target, datapoints.out);
    this.low = new Alarm((value) => value < policy.target * lowPart, datapoints.in);
  }

  /**
   * Takes the datapoint of a minute; unset where nothing was measured.
   * @param capacity  how many servers, or how much concurrency, it was measured of
   */
  record(value: number | undefined, capacity: number): void {
    this.value = value;
    this.capacity = capacity;
    this.high.record(value);
    this.low.record(value);
  }

  /**
   * Returns the capacity at which the metric would be at its target. What is added is rounded up and what is removed down,
   * as AWS does it.
   * @param most  the capacity to begin from where it was larger, as it was increased a moment ago
   */
  propose(most = Number.POSITIVE_INFINITY): Proposal {
    if (this.value === undefined) return {};
    // A tiny part more than a whole number comes from the division.
    const atTarget = Math.ceil((Math.min(most, this.capacity) * this.value) / this.policy.target - 1e-9);
    return {
      ...(this.high.state === "alarm" && { out: atTarget }),
      ...(this.policy.scalesIn && this.low.state === "alarm" && { in: atTarget }),
    };
  }
}
