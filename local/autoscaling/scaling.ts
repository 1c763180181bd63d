/** What scaling policies follow. */
export type ScalingMetric = "cpu" | "memory" | "requests" | "concurrency";

/** Keeps a metric at a target. Its two alarms are CloudWatch's: 3 datapoints of a minute to grow, 15 to shrink. */
export interface TargetTrackingPolicy {
  readonly kind: "target tracking";
  readonly metric: ScalingMetric;
  /** Percent of cpu or memory, requests a minute and target, or the part of provisioned concurrency that is in use. */
  readonly target: number;
  /** The target group whose requests count, for `requests`. */
  readonly targetGroup?: string;
  /** Whether it also removes capacity. */
  readonly scalesIn: boolean;
  /** From one increase to the next that is not larger; 0 for instances, which have a warm-up instead. */
  readonly outCooldownSeconds: number;
  /** From one decrease to the next. */
  readonly inCooldownSeconds: number;
}

/** Changes the number of instances by fixed steps, as Beanstalk does by two alarms and simple scaling. */
export interface TriggerPolicy {
  readonly kind: "trigger";
  readonly metric: "cpu";
  readonly periodMinutes: number;
  /** Periods in a row beyond a threshold. */
  readonly periods: number;
  readonly upper: number;
  readonly upperChange: number;
  readonly lower: number;
  readonly lowerChange: number;
  /** From one change to the next. */
  readonly cooldownSeconds: number;
}

/** How the capacity of one group of servers, or of a function's alias, follows its load. */
export interface Scaling {
  readonly min: number;
  readonly max: number;
  readonly policies: readonly (TargetTrackingPolicy | TriggerPolicy)[];
  /**
   * From the start of a server until its metrics count. Nothing is removed meanwhile.
   * @default 0
   */
  readonly warmupSeconds?: number;
  /** What a server is planned to have, of which `cpu` and `memory` are percentages; unset where nothing follows these. */
  readonly server?: { readonly vcpus: number; readonly memoryMegabytes?: number };
}

/** What was measured of a group in one minute. */
export interface Measured {
  /** Planned seconds since the group began to be measured. */
  readonly second: number;
  readonly desired: number;
  readonly servers: readonly {
    readonly ageSeconds: number;
    /** Percent; unset where it could not be measured. */
    readonly cpu?: number;
    readonly memory?: number;
  }[];
  /** Requests a minute and healthy target, and how many of these there are, by target group. */
  readonly requests: ReadonlyMap<string, { readonly each: number; readonly targets: number }>;
  /** Part of the provisioned concurrency that was in use, on average over the invocations; unset without any. */
  readonly concurrency?: number;
}

/** The number that is wanted, and what was measured to want it. */
export interface Decision {
  readonly desired: number;
  /** @example "cpu is 83, its target 60" */
  readonly why: string;
}
