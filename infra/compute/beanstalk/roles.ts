import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { TableOutputs } from "../../contract/layer-outputs";
import type { ServiceSpec } from "../../contract/service";
import { logicalName } from "../../naming/names";
import { accountOf, allow, createRole, type RoleWithPolicy, tableStatements, trustPolicy } from "../../security/iam";

/** Arguments of `createRoles`. */
export interface RolesArgs {
  readonly region: string;
  readonly service: Pick<ServiceSpec, "name">;
  readonly table: TableOutputs;
  /** Logical name of the Beanstalk environment, the first part of the physical one. */
  readonly environmentName: string;
}

/** Roles of one Beanstalk environment. */
export interface BeanstalkRoles {
  /** What the instances, and so the service's code, run as. */
  readonly server: RoleWithPolicy;
  /** What Beanstalk itself runs as. */
  readonly service: iam.Role;
  readonly serviceRights: readonly pulumi.Resource[];
}

/** AWS's own policies for Beanstalk's own role: what they allow follows what the service does. */
const servicePolicies = {
  health: "arn:aws:iam::aws:policy/service-role/AWSElasticBeanstalkEnhancedHealth",
  updates: "arn:aws:iam::aws:policy/AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
};

/** Makes the role of the instances and the role of Beanstalk itself. */
export function createRoles(name: string, args: RolesArgs, opts: pulumi.CustomResourceOptions): BeanstalkRoles {
  const account = accountOf(args.table.arn);
  const server = createRole(
    `${name}-role`,
    {
      service: "ec2.amazonaws.com",
      account,
      description: `Servers of ${args.service.name}`,
      statements: [
        ...tableStatements(args.table.arn),
        ...platformStatements(args.region, account, args.environmentName),
      ],
    },
    opts,
  );
  const service = new iam.Role(
    logicalName(`${name}-service-role`, "role"),
    {
      description: `Beanstalk on behalf of ${args.service.name}`,
      assumeRolePolicy: trustPolicy({ service: "elasticbeanstalk.amazonaws.com", account }),
    },
    opts,
  );
  const serviceRights = Object.entries(servicePolicies).map(
    ([right, policyArn]) =>
      new iam.RolePolicyAttachment(`${name}-service-${right}`, { role: service.name, policyArn }, opts),
  );
  return { server, service, serviceRights };
}

/**
 * What the platform's agents on an instance need: AWSElasticBeanstalkWebTier, cut down to this account, region and
 * environment. Beanstalk copies versions to, and collects logs in, a bucket of its own.
 */
function platformStatements(region: string, account: pulumi.Output<string>, environmentName: string) {
  const bucket = pulumi.interpolate`arn:aws:s3:::elasticbeanstalk-${region}-${account}`;
  const logs = pulumi.interpolate`arn:aws:logs:${region}:${account}:log-group:/aws/elasticbeanstalk/${environmentName}-*`;
  return [
    allow(["s3:GetObject"], pulumi.interpolate`${bucket}/resources/environments/*`),
    allow(["s3:PutObject"], pulumi.interpolate`${bucket}/resources/environments/logs/*`),
    allow(["s3:ListBucket"], bucket),
    allow(
      ["elasticbeanstalk:PutInstanceStatistics"],
      pulumi.interpolate`arn:aws:elasticbeanstalk:${region}:${account}:environment/*/${environmentName}-*`,
    ),
    allow(["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], logs),
  ];
}
