import { allow, deny, denyAllBut, type Statement } from "../security/iam";
import { type AwsServicePermissions, awsServicePermissions } from "./deploy-services";
import { environmentRoleForm, fillArnForm, inRegions, passableAwsServices, type RegionLimits } from "./limits";
import { keyUseActions } from "./state-store";

/** Account, regions, state and boundary that the permissions of the CI's deploy role are limited to. */
export interface DeployLimits extends RegionLimits {
  readonly stateBucketArn: string;
  readonly stateKeyArn: string;
  /** ARN of the permissions boundary that every role the deploy role makes must have. */
  readonly boundaryArn: string;
}

/** ARNs of AWS's managed policies that the program attaches to its roles. */
export const attachedPolicies = [
  "arn:aws:iam::aws:policy/AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
  "arn:aws:iam::aws:policy/service-role/AWSElasticBeanstalkEnhancedHealth",
] as const;

/**
 * AWS services with a service-linked role: AWS makes it when an account first uses the AWS service, with the
 * permissions of the caller.
 */
export const linkedAwsServices = [
  "autoscaling.amazonaws.com",
  "ecs.amazonaws.com",
  "ecs.application-autoscaling.amazonaws.com",
  "elasticbeanstalk.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
  // For a user pool that sends by SES.
  "email.cognito-idp.amazonaws.com",
  "lambda.application-autoscaling.amazonaws.com",
  "maintenance.elasticbeanstalk.amazonaws.com",
  "managedupdates.elasticbeanstalk.amazonaws.com",
  // For a multi-Region key: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-auth-slr.html
  "mrk.kms.amazonaws.com",
  "ops.apigateway.amazonaws.com",
  "replication.dynamodb.amazonaws.com",
  "spot.amazonaws.com",
] as const;

/** Name of the account's own Pulumi project, as the engine names its folder in the bucket. */
const OWN_PROJECT = "platform-account";

/** Names of the deploy role's policies: the groups of `awsServicePermissions`, `roles` and `state`. */
export const deployPolicyNames = [...Object.keys(awsServicePermissions), "roles", "state"];

/**
 * Returns the statements of the deploy role's policies, by name: one per group of AWS services, one for roles and one
 * for state. IAM takes 6,144 characters per policy and ten policies per role.
 */
export function deployPolicies(limits: DeployLimits): Readonly<Record<string, readonly Statement[]>> {
  const services = Object.entries(awsServicePermissions).map(([group, rows]) => [
    group,
    serviceStatements(rows, limits),
  ]);
  return { ...Object.fromEntries(services), roles: roleStatements(limits), state: stateStatements(limits) };
}

function serviceStatements(rows: readonly AwsServicePermissions[], limits: DeployLimits): Statement[] {
  return rows.map(({ prefix, actions, resources, global, condition }) =>
    allow(
      actions.map((action) => `${prefix}:${action}`),
      resources === undefined ? "*" : resources.flatMap((form) => fillArnForm(form, limits)),
      global ? condition : { ...inRegions(limits), ...condition },
    ),
  );
}

/**
 * Returns the statements about roles: those whose names begin with a region, as the program's do, and which have the
 * boundary. The names of the deploy role, of the account's other roles and of the boundary do not begin so.
 */
function roleStatements(limits: DeployLimits): Statement[] {
  const { account, boundaryArn } = limits;
  const roles = fillArnForm(environmentRoleForm, limits);
  const bounded = { StringEquals: { "iam:PermissionsBoundary": boundaryArn } };
  const linked = `arn:aws:iam::${account}:role/aws-service-role/*`;
  return [
    allow(iam("GetRole", "GetRolePolicy", "List*Role*", "DeleteRole", "TagRole", "UntagRole", "UpdateRole*"), roles),
    allow(
      iam("CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy", "DeleteRolePolicy", "UpdateAssumeRolePolicy"),
      roles,
      bounded,
    ),
    allow(iam("AttachRolePolicy", "DetachRolePolicy"), roles, {
      ...bounded,
      ArnEquals: { "iam:PolicyARN": attachedPolicies },
    }),
    allow(
      iam("*InstanceProfile", "ListInstanceProfileTags"),
      fillArnForm("arn:aws:iam::<account>:instance-profile/<region>-*", limits),
    ),
    allow(iam("PassRole"), roles, { StringEquals: { "iam:PassedToService": passableAwsServices } }),
    allow(iam("GetRole"), linked),
    allow(iam("CreateServiceLinkedRole"), linked, { StringEquals: { "iam:AWSServiceName": linkedAwsServices } }),
  ];
}

const iam = (...actions: string[]) => actions.map((action) => `iam:${action}`);

/**
 * Returns the statements about state: the role may read and write it. The denials apply even if other policies allow
 * more: the role cannot delete a version of state before its time, change the bucket or the key, or write the account's
 * state.
 * @see https://www.pulumi.com/docs/iac/concepts/state-and-backends/
 */
function stateStatements({ stateBucketArn: bucket, stateKeyArn: key }: DeployLimits): Statement[] {
  const files = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
  return [
    allow(["s3:ListBucket"], bucket),
    allow(files, `${bucket}/*`),
    allow(keyUseActions, key),
    denyAllBut(["s3:ListBucket", ...files], [bucket, `${bucket}/*`]),
    denyAllBut(keyUseActions, key),
    deny(["s3:PutObject", "s3:DeleteObject"], `${bucket}/.pulumi/*/${OWN_PROJECT}/*`),
  ];
}
