import type { Draft } from "../helpers";

/** What a rule says of a program whose configuration sets no class: advice of severity low, or the rule's own severity. */
export interface Default {
  readonly rule: string;
  readonly low: Draft;
  /** Programs of which the rule has its own severity, by what they are. */
  readonly reported?: Readonly<Record<string, Draft>>;
}

/** Makes a program operated, served and redundant. */
export const operated: Draft = { alarm: ["aws:cloudwatch/metricAlarm:MetricAlarm"] };
export const served: Draft = { front: ["aws:lb/loadBalancer:LoadBalancer", { internal: true }] };
export const redundant: Draft = { tasks: ["aws:ecs/service:Service", { desiredCount: 2 }] };
/** A group without rules. */
export const vpc: Draft = { net: ["aws:ec2/vpc:Vpc", {}] };
