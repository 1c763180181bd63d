import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { TableOutputs } from "../../contract/layer-outputs";
import type { ServerSpec } from "../../contract/service";
import { logicalName } from "../../naming/names";
import { accountIdOf, allow, createRole, type RoleWithPolicy, tableStatements, trustPolicy } from "../../security/iam";
import { type ServiceGrants, secretStatements } from "../service-grants";

/** Arguments of `createBeanstalkRoles`. */
export interface BeanstalkRolesArgs {
  readonly region: string;
  readonly service: Pick<ServerSpec, "name" | "table">;
  readonly table: TableOutputs;
  readonly grants?: Pick<ServiceGrants, "statements" | "secrets"> | undefined;
  /** Logical name of the Beanstalk application, the first part of its physical name. */
  readonly applicationName: string;
  /** Logical name of the Beanstalk environment, the first part of its physical name. */
  readonly beanstalkEnvironmentName: string;
}

/** Roles of one Beanstalk environment. */
export interface BeanstalkRoles {
  /** Role of the instances, and so of the service's code. */
  readonly server: RoleWithPolicy;
  /** Role of Beanstalk itself (its service role). */
  readonly beanstalk: iam.Role;
  /** Attachments of the policies of Beanstalk's role. */
  readonly beanstalkPolicies: readonly pulumi.Resource[];
}

/** AWS's managed policies for Beanstalk's role; AWS changes them when Beanstalk needs other permissions. */
const beanstalkPolicyArns = {
  health: "arn:aws:iam::aws:policy/service-role/AWSElasticBeanstalkEnhancedHealth",
  updates: "arn:aws:iam::aws:policy/AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
};

/** Makes the role of the instances and the role of Beanstalk itself. */
export function createBeanstalkRoles(
  name: string,
  args: BeanstalkRolesArgs,
  opts: pulumi.CustomResourceOptions,
): BeanstalkRoles {
  const account = accountIdOf(args.table.arn);
  const server = createRole(
    `${name}-role`,
    {
      awsService: "ec2.amazonaws.com",
      account,
      description: `Servers of ${args.service.name}`,
      statements: [
        ...tableStatements(args.table, args.service.table),
        ...(args.grants?.statements ?? []),
        ...secretStatements(args.grants),
        ...platformStatements(args, account),
      ],
    },
    opts,
  );
  const beanstalk = new iam.Role(
    logicalName(`${name}-service-role`, "role"),
    {
      description: `Beanstalk on behalf of ${args.service.name}`,
      assumeRolePolicy: trustPolicy({ awsService: "elasticbeanstalk.amazonaws.com", account }),
    },
    opts,
  );
  const beanstalkPolicies = Object.entries(beanstalkPolicyArns).map(
    ([purpose, policyArn]) =>
      new iam.RolePolicyAttachment(`${name}-service-${purpose}`, { role: beanstalk.name, policyArn }, opts),
  );
  return { server, beanstalk, beanstalkPolicies };
}

/**
 * Returns what Beanstalk's agents on an instance need: the first four statements of AWS's managed policy
 * AWSElasticBeanstalkWebTier, limited to this account, region and Beanstalk environment. They read versions from and put
 * logs into Beanstalk's own bucket, which all environments of the region share, by the actions that Beanstalk's policy of
 * that bucket names. DescribeLogGroups takes no single group.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSElasticBeanstalkWebTier.html
 */
function platformStatements(
  { region, applicationName, beanstalkEnvironmentName }: BeanstalkRolesArgs,
  account: pulumi.Output<string>,
) {
  const bucket = pulumi.interpolate`arn:aws:s3:::elasticbeanstalk-${region}-${account}`;
  const logs = pulumi.interpolate`arn:aws:logs:${region}:${account}:log-group:/aws/elasticbeanstalk/${beanstalkEnvironmentName}-*`;
  const beanstalk = pulumi.interpolate`arn:aws:elasticbeanstalk:${region}:${account}`;
  return [
    allow(
      ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:ListBucketVersions", "s3:PutObject"],
      [bucket, pulumi.interpolate`${bucket}/resources/environments/*`],
    ),
    allow(
      [
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:GetSamplingStatisticSummaries",
      ],
      "*",
    ),
    allow(["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], logs),
    allow(["logs:DescribeLogGroups"], "*"),
    allow(
      ["elasticbeanstalk:PutInstanceStatistics"],
      [
        pulumi.interpolate`${beanstalk}:application/${applicationName}-*`,
        pulumi.interpolate`${beanstalk}:environment/${applicationName}-*/${beanstalkEnvironmentName}-*`,
      ],
    ),
  ];
}
