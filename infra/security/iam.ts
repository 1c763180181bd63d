import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { logicalName } from "../naming/names";

export type Condition = Readonly<Record<string, Readonly<Record<string, pulumi.Input<string> | readonly string[]>>>>;

/** One statement of an identity policy, as IAM writes it. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: readonly string[];
  /** Every action but these; of denials. */
  readonly NotAction?: readonly string[];
  readonly Resource: pulumi.Input<string> | readonly pulumi.Input<string>[];
  readonly Condition?: Condition;
}

/** Services whose roles this program makes. `ec2.amazonaws.com` sends no source keys, so its trust carries none. */
export type TrustedService =
  | "codedeploy.amazonaws.com"
  | "ec2.amazonaws.com"
  | "ecs-tasks.amazonaws.com"
  | "elasticbeanstalk.amazonaws.com"
  | "lambda.amazonaws.com";

export function allow(actions: readonly string[], resources: Statement["Resource"], condition?: Condition): Statement {
  return { Effect: "Allow", Action: actions, Resource: resources, ...(condition ? { Condition: condition } : {}) };
}

/** Denies some actions, whatever else allows them. */
export function deny(actions: readonly string[], resources: Statement["Resource"]): Statement {
  return { Effect: "Deny", Action: actions, Resource: resources };
}

/** Denies all but some actions, whatever else allows more; allows none. */
export function denyAllBut(actions: readonly string[], resources: Statement["Resource"]): Statement {
  return { Effect: "Deny", NotAction: actions, Resource: resources };
}

/** Twelve digits, taken from any ARN the component already has: no call to AWS is needed to know the account. */
export function accountOf(arn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(arn).apply((text) => text.split(":")[4] ?? "");
}

/** What a service may do to its data: read, write and query its own table and the table's indexes. */
export function tableStatements(tableArn: pulumi.Input<string>): readonly Statement[] {
  return [
    allow(
      ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
      [tableArn, pulumi.interpolate`${tableArn}/index/*`],
    ),
  ];
}

/** Writing to one log group: CreateLogGroup stays with the program, or retention would be lost. */
export function logStatements(logGroupArn: pulumi.Input<string>): readonly Statement[] {
  return [allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.interpolate`${logGroupArn}:*`)];
}

export interface Trust {
  readonly service: TrustedService;
  /** Account the service must act for. */
  readonly account: pulumi.Input<string>;
  /** Pattern of the resource the service must act for, where it sends one. */
  readonly sourceArn?: pulumi.Input<string>;
}

/**
 * Who may assume a role. `aws:SourceAccount` stops the service from being used as a deputy for another account.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function trustPolicy(trust: Trust): pulumi.Output<string> {
  const condition: Condition = {
    StringEquals: {
      "aws:SourceAccount": trust.account,
      ...(trust.service === "elasticbeanstalk.amazonaws.com" ? { "sts:ExternalId": "elasticbeanstalk" } : {}),
    },
    ...(trust.sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": trust.sourceArn } }),
  };
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: trust.service },
        Action: "sts:AssumeRole",
        ...(trust.service === "ec2.amazonaws.com" ? {} : { Condition: condition }),
      },
    ],
  });
}

export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

export interface RoleArgs extends Trust {
  readonly description: string;
  readonly statements: readonly Statement[];
}

/** A role with its one inline policy. What starts as this role depends on both, or it starts without rights. */
export interface RoleWithPolicy {
  readonly role: iam.Role;
  readonly policy: iam.RolePolicy;
}

/** Makes the role and `${name}-policy`. */
export function createRole(name: string, args: RoleArgs, opts: pulumi.CustomResourceOptions): RoleWithPolicy {
  const role = new iam.Role(
    logicalName(name, "role"),
    { description: args.description, assumeRolePolicy: trustPolicy(args) },
    opts,
  );
  const policy = new iam.RolePolicy(
    `${name}-policy`,
    { role: role.name, policy: policyDocument(args.statements) },
    opts,
  );
  return { role, policy };
}
