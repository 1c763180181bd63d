import type { Finding } from "./judge";

/** A finding that is meant, with the reason. */
export interface Answer {
  readonly kinds: readonly Finding["kind"][];
  readonly type: string;
  readonly argument: string;
  readonly reason: string;
}

/** Each must answer something, or the check fails. */
export const answers: readonly Answer[] = [
  {
    kinds: ["changed"],
    type: "aws_lb",
    argument: "enable_cross_zone_load_balancing",
    reason:
      "An Application Load Balancer is always cross-zone and the provider leaves the argument out; the plan says it for readers and policies.",
  },
  {
    kinds: ["changed"],
    type: "aws_route53_record",
    argument: "name",
    reason: "ACM names the records of validation with a final dot, which the provider cuts off.",
  },
  {
    kinds: ["warning", "deprecated"],
    type: "aws_service_discovery_service",
    argument: "health_check_custom_config.failure_threshold",
    reason:
      "Without it the provider drops the block, the service has no custom health check, and the next update replaces it.",
  },
];

/** Whether an answer is about a finding. */
export function isAnswered(finding: Finding, { kinds, type, argument }: Answer): boolean {
  return kinds.includes(finding.kind) && finding.type === type && finding.argument === argument;
}
