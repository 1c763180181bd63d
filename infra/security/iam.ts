import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { logicalName } from "../naming/names";

/**
 * The condition of a statement: operator, condition key, value.
 * @example { StringEquals: { "aws:SourceAccount": account } }
 */
export type Condition = Readonly<
  Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>
>;

/** One statement of an identity policy, in IAM's own form. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: readonly string[];
  /** Every action but these; only used to deny. */
  readonly NotAction?: readonly string[];
  readonly Resource: pulumi.Input<string> | readonly pulumi.Input<string>[];
  readonly Condition?: Condition;
}

/**
 * AWS services that a role of the program may trust. `ec2.amazonaws.com` sends no `aws:Source...` condition keys, and
 * API Gateway none when it assumes the role of an integration, so the trust policy of such roles has no condition.
 */
export type TrustedAwsService =
  | "apigateway.amazonaws.com"
  | "codedeploy.amazonaws.com"
  | "cognito-idp.amazonaws.com"
  | "ec2.amazonaws.com"
  | "ecs-tasks.amazonaws.com"
  | "elasticbeanstalk.amazonaws.com"
  | "fis.amazonaws.com"
  | "lambda.amazonaws.com"
  | "pipes.amazonaws.com"
  | "scheduler.amazonaws.com";

/** Returns a statement that allows actions on resources, under a condition if one is given. */
export function allow(actions: readonly string[], resources: Statement["Resource"], condition?: Condition): Statement {
  return { Effect: "Allow", Action: actions, Resource: resources, ...(condition ? { Condition: condition } : {}) };
}

/** Returns a statement that denies actions on resources, even if another statement allows them. */
export function deny(actions: readonly string[], resources: Statement["Resource"]): Statement {
  return { Effect: "Deny", Action: actions, Resource: resources };
}

/**
 * Returns a statement that denies every action but the given ones, even if another allows more. It allows none itself.
 */
export function denyAllBut(actions: readonly string[], resources: Statement["Resource"]): Statement {
  return { Effect: "Deny", NotAction: actions, Resource: resources };
}

/**
 * Reads the AWS account id, twelve digits, from an ARN. A component that has an ARN needs no call to AWS to know the
 * account.
 */
export function accountIdOf(arn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(arn).apply((text) => text.split(":")[4] ?? "");
}

/** A table that a service uses, and the customer key that encrypts it. */
interface EncryptedTable {
  readonly arn: pulumi.Input<string>;
  /** @default AWS's own key, which needs no permission */
  readonly keyArn?: pulumi.Input<string>;
}

/** Returns the statements that let a service read and write items of its own table, and query the table's indexes. */
export function tableStatements(
  { arn, keyArn }: EncryptedTable,
  { indexes }: { readonly indexes: readonly unknown[] },
): readonly Statement[] {
  return [
    allow(["dynamodb:GetItem", "dynamodb:PutItem"], arn),
    ...(indexes.length === 0 ? [] : [allow(["dynamodb:Query"], pulumi.interpolate`${arn}/index/*`)]),
    ...(keyArn === undefined ? [] : [allow(tableKeyActions, keyArn, throughDynamoDb)]),
  ];
}

/** Returns the statements that let a service do something to single items of a table that it needs. */
export function itemStatements({ arn, keyArn }: EncryptedTable, actions: readonly string[]): readonly Statement[] {
  return [allow(actions, arn), ...(keyArn === undefined ? [] : [allow(tableKeyActions, keyArn, throughDynamoDb)])];
}

/**
 * Actions on the customer key of a table that DynamoDB calls with the permissions of its own caller.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export const tableKeyActions = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey*",
  "kms:ReEncrypt*",
] as const;

/** Actions on the key of an encrypted topic or queue that SNS and SQS call with the permissions of their own caller. */
export const messageKeyActions = ["kms:Decrypt", "kms:GenerateDataKey"] as const;

/** Condition that a key is used by DynamoDB, of any region: a replica's region calls for the table's. */
export const throughDynamoDb: Condition = { StringLike: { "kms:ViaService": "dynamodb.*.amazonaws.com" } };

/** Returns the condition that a key is used by the queues of a region. */
export function throughSqs(region: string): Condition {
  return { StringEquals: { "kms:ViaService": `sqs.${region}.amazonaws.com` } };
}

/**
 * Returns the statements that allow writing to one log group. They do not allow CreateLogGroup: a group that is not
 * made by the program would keep its lines for ever.
 */
export function logStatements(logGroupArn: pulumi.Input<string>): readonly Statement[] {
  return [allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.interpolate`${logGroupArn}:*`)];
}

/** The AWS service that may assume a role, and on whose behalf. */
interface RoleTrust {
  readonly awsService: TrustedAwsService;
  /** Id of the AWS account that the AWS service must act for. */
  readonly account: pulumi.Input<string>;
  /**
   * ARN of the resource that the AWS service must act for, `*` and `?` allowed.
   * @default any resource of the account
   */
  readonly sourceArn?: pulumi.Input<string>;
  /** What the AWS service has to say, where it can. @default nothing */
  readonly externalId?: string;
}

/**
 * Returns the trust policy of a role: which AWS service may assume it, under the conditions of `trustConditions`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function trustPolicy(trust: RoleTrust): pulumi.Output<string> {
  const condition = trustConditions(trust);
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: trust.awsService },
        Action: "sts:AssumeRole",
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  });
}

/**
 * Returns what stops another account from making an AWS service use the role on its behalf (the confused deputy).
 * Beanstalk documents its external id and no source, so a condition on a source could refuse Beanstalk itself.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/iam-servicerole.html
 */
function trustConditions({ awsService, account, sourceArn, externalId }: RoleTrust): Condition | undefined {
  if (awsService === "ec2.amazonaws.com" || awsService === "apigateway.amazonaws.com") return undefined;
  if (awsService === "elasticbeanstalk.amazonaws.com")
    return { StringEquals: { "sts:ExternalId": "elasticbeanstalk" } };
  const said: Record<string, string> = externalId === undefined ? {} : { "sts:ExternalId": externalId };
  return {
    StringEquals: { ...said, "aws:SourceAccount": account },
    ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArn } }),
  };
}

/**
 * Returns the statements that a function in the VPC needs, as Lambda makes its network interfaces with the permissions of
 * its role. AWS asks not to limit them to single interfaces.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function interfaceStatements(owner: {
  readonly region: string;
  readonly account: pulumi.Input<string>;
}): readonly Statement[] {
  const all = (type: string) => pulumi.interpolate`arn:aws:ec2:${owner.region}:${owner.account}:${type}/*`;
  return [
    allow(["ec2:CreateNetworkInterface"], ["network-interface", "security-group", "subnet"].map(all)),
    allow(
      ["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"],
      all("network-interface"),
    ),
    allow(["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], "*"),
  ];
}

/** Returns the statements as the JSON of a policy document. */
export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** Arguments of `createRole`. */
export interface RoleArgs extends RoleTrust {
  readonly description: string;
  readonly statements: readonly Statement[];
}

/** A role and its one inline policy. What runs as the role must depend on both, or it may start without permissions. */
export interface RoleWithPolicy {
  readonly role: iam.Role;
  readonly policy: iam.RolePolicy;
}

/** Makes a role that may do nothing: IAM takes no policy without statements. */
export function createBareRole(
  name: string,
  args: Omit<RoleArgs, "statements">,
  opts: pulumi.CustomResourceOptions,
): iam.Role {
  return new iam.Role(
    logicalName(name, "role"),
    { description: args.description, assumeRolePolicy: trustPolicy(args) },
    opts,
  );
}

/** Makes a role and its inline policy, `${name}-policy`. */
export function createRole(name: string, args: RoleArgs, opts: pulumi.CustomResourceOptions): RoleWithPolicy {
  const role = createBareRole(name, args, opts);
  const policy = new iam.RolePolicy(
    `${name}-policy`,
    { role: role.name, policy: policyDocument(args.statements) },
    opts,
  );
  return { role, policy };
}
