import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { allow, messageKeyActions, type Statement, tableKeyActions, throughDynamoDb } from "../security/iam";
import { environmentRoleForm, fillArnForm, inRegions, passableAwsServices, type RegionLimits } from "./limits";

const BOUNDARY_NAME = "platform-boundary";

/** Arguments of `RoleBoundary`. */
export interface RoleBoundaryArgs {
  readonly account: pulumi.Input<string>;
  readonly regions: readonly string[];
}

/**
 * The permissions boundary of environments' roles: the most that such a role may do, even if its own policies allow
 * more. It allows nothing by itself. The deploy role can only make roles that have it, so it cannot make a role that
 * may do more than the deploy role itself.
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

function document(limits: RegionLimits): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: boundaryStatements(limits) });
}

/**
 * Returns the statements of the boundary: work in the configured regions, on resources that the program names, and
 * passing such roles to AWS services. They allow no change of IAM, keys or state. Keys may be used through DynamoDB, SNS and
 * SQS only.
 */
export function boundaryStatements(limits: RegionLimits): Statement[] {
  const buckets = ["<region>-*", "elasticbeanstalk-*"].flatMap((name) => fillArnForm(`arn:aws:s3:::${name}`, limits));
  return [
    allow(boundaryActions, "*", inRegions(limits)),
    allow(["s3:*"], buckets),
    // Encrypted tables: DynamoDB uses the key with the permissions of its caller.
    allow(tableKeyActions, "*", { ...inRegions(limits), ...throughDynamoDb }),
    // Encrypted topics and queues: SNS and SQS do so too.
    allow(messageKeyActions, "*", {
      ...inRegions(limits),
      StringLike: { "kms:ViaService": ["sns.*.amazonaws.com", "sqs.*.amazonaws.com"] },
    }),
    allow(["iam:PassRole"], fillArnForm(environmentRoleForm, limits), {
      StringEquals: { "iam:PassedToService": passableAwsServices },
    }),
  ];
}

/**
 * Actions that the boundary allows: data, logs and traces of services, and their calls of each other; work of Beanstalk's
 * updates, CodeDeploy and the releaser; ECS sessions; calls by the clock; messages to open connections; how much of a
 * quota is used; groups, copies and codes of people who sign in; secrets that are named in a role's own policy; what
 * experiments find by its tags.
 */
export const boundaryActions = [
  "apigateway:GET",
  "autoscaling:*",
  "cloudformation:*",
  "cloudwatch:*",
  "codedeploy:*",
  "cognito-idp:AdminAddUserToGroup",
  "cognito-idp:AdminCreateUser",
  "cognito-idp:AdminDeleteUser",
  "cognito-idp:AdminGetUser",
  "cognito-idp:AdminListGroupsForUser",
  "cognito-idp:AdminSetUserPassword",
  "cognito-idp:AdminUpdateUserAttributes",
  "cognito-idp:DescribeUserPoolDomain",
  "dynamodb:*",
  "ec2:*",
  "ecr:*",
  "ecs:*",
  "elasticbeanstalk:*",
  "elasticloadbalancing:*",
  "execute-api:Invoke",
  "execute-api:ManageConnections",
  "lambda:*",
  "logs:*",
  "secretsmanager:GetSecretValue",
  "servicediscovery:DiscoverInstances",
  "ses:SendEmail",
  "sns:*",
  "sqs:*",
  "ssm:GetParameter*",
  "ssm:UpdateInstanceInformation",
  "ssmmessages:*",
  "tag:GetResources",
  "xray:*",
] as const;
