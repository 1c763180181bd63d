import { allow, deny, denyAllBut, type Statement } from "../security/iam";
import { type DeployService, deployServices } from "./deploy-services";
import { arnsOf, inRegions, passedServices, type RegionScope, roleNames } from "./scope";
import { keyUse } from "./state-store";

/** What a deployment is held to. */
export interface DeployScope extends RegionScope {
  readonly stateBucketArn: string;
  readonly stateKeyArn: string;
  /** Policy that must bound every role the deploy role makes. */
  readonly boundaryArn: string;
}

/** AWS's own policies that the program attaches to its roles. */
export const attachedPolicies = [
  "arn:aws:iam::aws:policy/AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
  "arn:aws:iam::aws:policy/service-role/AWSElasticBeanstalkEnhancedHealth",
] as const;

/** Services that make a role of their own when an account first uses them, in the name of who does. */
export const linkedServices = [
  "autoscaling.amazonaws.com",
  "ecs.amazonaws.com",
  "ecs.application-autoscaling.amazonaws.com",
  "elasticbeanstalk.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
  "lambda.application-autoscaling.amazonaws.com",
  "maintenance.elasticbeanstalk.amazonaws.com",
  "managedupdates.elasticbeanstalk.amazonaws.com",
  "ops.apigateway.amazonaws.com",
  "replication.dynamodb.amazonaws.com",
  "spot.amazonaws.com",
] as const;

/** The project of the account itself, as the engine names its files. */
const OWN_PROJECT = "platform-account";

/** Names of the policies: those of `deployServices`, and two more. */
export const policyGroups = [...Object.keys(deployServices), "roles", "state"];

/** One policy per group of services, one for roles and one for state; IAM takes 6,144 characters each, ten per role. */
export function deployPolicies(scope: DeployScope): Readonly<Record<string, readonly Statement[]>> {
  const services = Object.entries(deployServices).map(([group, rows]) => [group, serviceStatements(rows, scope)]);
  return { ...Object.fromEntries(services), roles: roleStatements(scope), state: stateStatements(scope) };
}

function serviceStatements(rows: readonly DeployService[], scope: DeployScope): Statement[] {
  return rows.map(({ service, actions, resources, global }) =>
    allow(
      actions.map((action) => `${service}:${action}`),
      resources === undefined ? "*" : resources.flatMap((pattern) => arnsOf(pattern, scope)),
      global ? undefined : inRegions(scope),
    ),
  );
}

/**
 * Roles whose names begin as the program's do, with a region, and which the boundary bounds. The deploy role's own
 * name, those of this project and the boundary itself begin otherwise.
 */
function roleStatements(scope: DeployScope): Statement[] {
  const { account, boundaryArn } = scope;
  const roles = arnsOf(roleNames, scope);
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
      arnsOf("arn:aws:iam::<account>:instance-profile/<region>-*", scope),
    ),
    allow(iam("PassRole"), roles, { StringEquals: { "iam:PassedToService": passedServices } }),
    allow(iam("GetRole"), linked),
    allow(iam("CreateServiceLinkedRole"), linked, { StringEquals: { "iam:AWSServiceName": linkedServices } }),
  ];
}

const iam = (...actions: string[]) => actions.map((action) => `iam:${action}`);

/**
 * Reading and writing state. The denials hold whatever else the role is given: no version of state goes before its
 * time, bucket and key stay as they are, and the state of the account is not the role's.
 * @see https://www.pulumi.com/docs/iac/concepts/state-and-backends/
 */
function stateStatements({ stateBucketArn: bucket, stateKeyArn: key }: DeployScope): Statement[] {
  const files = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
  return [
    allow(["s3:ListBucket"], bucket),
    allow(files, `${bucket}/*`),
    allow(keyUse, key),
    denyAllBut(["s3:ListBucket", ...files], [bucket, `${bucket}/*`]),
    denyAllBut(keyUse, key),
    deny(["s3:PutObject", "s3:DeleteObject"], `${bucket}/.pulumi/*/${OWN_PROJECT}/*`),
  ];
}
