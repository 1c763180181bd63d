import type { Condition } from "../security/iam";

/** Account and regions that permissions are about. Plain, so that a policy's length can be counted. */
export interface RegionScope {
  readonly account: string;
  readonly regions: readonly string[];
}

/** Roles of environments: the program's names begin with their region, those of the account do not. */
export const roleNames = "arn:aws:iam::<account>:role/<region>-*";

/** Services whose roles the program makes, and which the deploy role may therefore hand them to. */
export const passedServices = [
  "codedeploy.amazonaws.com",
  "ec2.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "elasticbeanstalk.amazonaws.com",
  "lambda.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
] as const;

/** Fills in a pattern once per region; once in all where it names none. */
export function arnsOf(pattern: string, { account, regions }: RegionScope): string[] {
  const arns = regions.map((region) => pattern.replaceAll("<region>", region).replaceAll("<account>", account));
  return [...new Set(arns)];
}

/** Holds to the configured regions. IAM and Route 53 are in none: AWS counts their requests to us-east-1. */
export function inRegions({ regions }: RegionScope): Condition {
  return { StringEquals: { "aws:RequestedRegion": regions } };
}
