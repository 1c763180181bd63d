import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { allow, type Statement } from "../security/iam";
import { arnsOf, inRegions, passedServices, type RegionScope, roleNames } from "./scope";

const BOUNDARY_NAME = "platform-boundary";

export interface RoleBoundaryArgs {
  readonly account: pulumi.Input<string>;
  readonly regions: readonly string[];
}

/**
 * The most that a role of an environment may do, whatever its own policies say. It gives no rights itself. The deploy
 * role can only make roles that have it, so that it cannot make one that may do more than it may.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export class RoleBoundary extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { account, regions }: RoleBoundaryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:account:RoleBoundary", name, {}, opts);
    const policy = new iam.Policy(
      `${name}-policy`,
      {
        // Fixed, as environments name its ARN in their configuration.
        name: BOUNDARY_NAME,
        description: "The most that a role of an environment may do",
        policy: pulumi.output(account).apply((id) => document({ account: id, regions })),
      },
      { parent: this, protect: true },
    );
    this.arn = policy.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

function document(scope: RegionScope): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: boundaryStatements(scope) });
}

/** Work in the configured regions, on what the program names, and handing such roles on: no identities, keys or state. */
export function boundaryStatements(scope: RegionScope): Statement[] {
  const buckets = ["<region>-*", "elasticbeanstalk-*"].flatMap((name) => arnsOf(`arn:aws:s3:::${name}`, scope));
  return [
    allow(boundaryActions, "*", inRegions(scope)),
    allow(["s3:*"], buckets),
    allow(["iam:PassRole"], arnsOf(roleNames, scope), { StringEquals: { "iam:PassedToService": passedServices } }),
  ];
}

/** Data, logs and traces of services; what Beanstalk's updates, CodeDeploy and the releaser do; sessions of ECS. */
export const boundaryActions = [
  "autoscaling:*",
  "cloudformation:*",
  "cloudwatch:*",
  "codedeploy:*",
  "dynamodb:*",
  "ec2:*",
  "ecr:*",
  "ecs:*",
  "elasticbeanstalk:*",
  "elasticloadbalancing:*",
  "lambda:*",
  "logs:*",
  "sns:*",
  "sqs:*",
  "ssm:GetParameter*",
  "ssm:UpdateInstanceInformation",
  "ssmmessages:*",
  "xray:*",
] as const;
