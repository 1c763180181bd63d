import type { Condition } from "../security/iam";

/**
 * AWS account and regions that a policy is limited to. They are plain, so that the length of a policy can be counted.
 */
export interface RegionLimits {
  readonly account: string;
  readonly regions: readonly string[];
}

/** Form of the ARNs of environments' roles: their names begin with the region, those of the account's roles do not. */
export const environmentRoleForm = "arn:aws:iam::<account>:role/<region>-*";

/** AWS services that the program makes roles for, and so those that the deploy role may pass roles to. */
export const passableAwsServices = [
  "apigateway.amazonaws.com",
  "codedeploy.amazonaws.com",
  "cognito-idp.amazonaws.com",
  "ec2.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "elasticbeanstalk.amazonaws.com",
  "fis.amazonaws.com",
  "lambda.amazonaws.com",
  "pipes.amazonaws.com",
  "scheduler.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
] as const;

/**
 * Returns the ARNs of a form, one per region, or one in all if the form does not name the region.
 * @param form  ARN with `<region>` and `<account>` in the places of both
 */
export function fillArnForm(form: string, { account, regions }: RegionLimits): string[] {
  const arns = regions.map((region) => form.replaceAll("<region>", region).replaceAll("<account>", account));
  return [...new Set(arns)];
}

/**
 * Returns the condition that limits a statement to the configured regions. It does not fit IAM and Route 53, which have
 * no region: AWS counts calls of their APIs as calls to us-east-1.
 */
export function inRegions({ regions }: RegionLimits): Condition {
  return { StringEquals: { "aws:RequestedRegion": regions } };
}
