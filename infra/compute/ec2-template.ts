import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { ComputeArgs } from "../core/compute";
import { accountOf, allow, createRole, logStatements, type RoleWithPolicy, tableStatements } from "../core/iam";
import { serverEnvironment } from "./environment";
import { artifactBucketOf, artifactKey, uploadArtifact } from "./shared";
import { sizes } from "./sizes";
import { userData } from "./user-data";

const newestImage = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

export interface TemplateParts {
  readonly group: ec2.SecurityGroup;
  readonly role: RoleWithPolicy;
  readonly logs: cloudwatch.LogGroup;
}

/** What every server of the group is launched from; a new artifact or environment is a new version of it. */
export function createTemplate(
  name: string,
  args: ComputeArgs,
  { group, role, logs }: TemplateParts,
  opts: pulumi.CustomResourceOptions,
): ec2.LaunchTemplate {
  const profile = new iam.InstanceProfile(`${name}-profile`, { role: role.role.name }, opts);
  const artifact = uploadArtifact(`${name}-artifact`, args, opts);
  return new ec2.LaunchTemplate(
    `${name}-template`,
    {
      description: `Servers of ${args.service.name}`,
      imageId: args.machineImage ?? newestImage,
      instanceType: sizes[args.service.capacity.size].instanceTypes[0],
      iamInstanceProfile: { arn: profile.arn },
      userData: renderUserData(args, logs.name),
      updateDefaultVersion: true,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      networkInterfaces: [
        {
          deviceIndex: 0,
          associatePublicIpAddress: "false",
          deleteOnTermination: "true",
          securityGroups: [group.id],
        },
      ],
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize: 20, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
    },
    { ...opts, dependsOn: [role.policy, artifact] },
  );
}

function renderUserData(args: ComputeArgs, logGroup: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi
    .output({ bucket: artifactBucketOf(args), logGroup, environment: serverEnvironment(args) })
    .apply((known) => {
      const fixed = { service: args.service.name, region: args.region, artifactKey: artifactKey(args) };
      return Buffer.from(userData({ ...known, ...fixed })).toString("base64");
    });
}

/** What the service and the agents of an instance may do. */
export function createServerRole(
  name: string,
  args: ComputeArgs,
  logs: cloudwatch.LogGroup,
  opts: pulumi.CustomResourceOptions,
): RoleWithPolicy {
  const account = accountOf(args.table.arn);
  const statements = [
    ...tableStatements(args.table.arn),
    ...logStatements(logs.arn),
    allow(["s3:GetObject"], pulumi.interpolate`arn:aws:s3:::${artifactBucketOf(args)}/${args.service.name}/*`),
    ...sessionStatements(args.region, account),
  ];
  return createRole(
    `${name}-role`,
    { service: "ec2.amazonaws.com", account, description: `Servers of ${args.service.name}`, statements },
    opts,
  );
}

/** What Session Manager needs, without the managed policy's right to read every parameter of the account. */
function sessionStatements(region: string, account: pulumi.Output<string>) {
  return [
    allow(["ssm:UpdateInstanceInformation"], pulumi.interpolate`arn:aws:ec2:${region}:${account}:instance/*`),
    allow(
      [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      "*",
    ),
  ];
}
