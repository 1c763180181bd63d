import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { TableOutputs } from "../../contract/layer-outputs";
import type { ServerSpec } from "../../contract/service";
import {
  accountIdOf,
  allow,
  createRole,
  logStatements,
  type RoleWithPolicy,
  tableStatements,
} from "../../security/iam";
import { type Artifact, artifactKey, uploadArtifact } from "../artifact";
import { instanceTypes } from "../instance-types";
import type { Size } from "../pattern";
import { runtimeOf } from "../runtimes";
import { parameterVariables, type ServiceGrants, secretStatements } from "../service-grants";
import { serverVariables } from "../service-variables";
import type { ServerImage, ServerImageArgs } from "./image";
import { userData } from "./user-data";

/** Arguments of `createLaunchTemplate` and `createServerRole`. */
export interface ServerArgs extends ServerImageArgs {
  readonly service: ServerSpec;
  readonly size: Size;
  readonly artifact: Artifact;
  readonly artifactBucket: pulumi.Input<string>;
  readonly table: TableOutputs;
  readonly grants?: ServiceGrants | undefined;
}

/** Resources that the launch template refers to. */
interface TemplateParts {
  readonly group: ec2.SecurityGroup;
  readonly role: RoleWithPolicy;
  readonly logs: cloudwatch.LogGroup;
  readonly image: ServerImage;
}

/**
 * Makes the launch template of a service's servers. A new artifact, environment variable or image makes a new version
 * of it.
 */
export function createLaunchTemplate(
  name: string,
  args: ServerArgs,
  { group, role, logs, image }: TemplateParts,
  opts: pulumi.CustomResourceOptions,
): ec2.LaunchTemplate {
  const profile = new iam.InstanceProfile(`${name}-profile`, { role: role.role.name }, opts);
  const artifact = uploadArtifact(
    `${name}-artifact`,
    { service: args.service.name, artifact: args.artifact, bucket: args.artifactBucket },
    opts,
  );
  return new ec2.LaunchTemplate(
    `${name}-template`,
    {
      description: `Servers of ${args.service.name}`,
      imageId: image.id,
      instanceType: instanceTypes[args.size][0],
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
      tags: releaseTags(image),
    },
    { ...opts, dependsOn: [role.policy, artifact] },
  );
}

/**
 * Returns the tag `image-release` of a template and its servers. An image id does not tell how old the image is, so the
 * policy pack and people read the release here.
 */
export function releaseTags({ release }: ServerImage): Record<string, string> {
  return release === undefined ? {} : { "image-release": release };
}

function renderUserData(args: ServerArgs, logGroup: pulumi.Output<string>): pulumi.Output<string> {
  const variables = { ...serverVariables(args), ...parameterVariables(args.grants) };
  return pulumi.output({ bucket: args.artifactBucket, logGroup, variables }).apply((known) => {
    const service = args.service.name;
    const runtime = runtimeOf(args.artifact);
    const fixed = {
      service,
      runtime,
      region: args.region,
      artifactKey: artifactKey({ service, artifact: args.artifact }),
    };
    return Buffer.from(userData({ ...known, ...fixed })).toString("base64");
  });
}

/** Makes the role of a server, for the service's code and the agents of the instance. */
export function createServerRole(
  name: string,
  args: ServerArgs,
  logs: cloudwatch.LogGroup,
  opts: pulumi.CustomResourceOptions,
): RoleWithPolicy {
  const account = accountIdOf(args.table.arn);
  const statements = [
    ...tableStatements(args.table, args.service.table),
    ...(args.grants?.statements ?? []),
    ...secretStatements(args.grants),
    ...logStatements(logs.arn),
    allow(["s3:GetObject"], pulumi.interpolate`arn:aws:s3:::${args.artifactBucket}/${args.service.name}/*`),
    ...sessionStatements(args.region, account),
  ];
  return createRole(
    `${name}-role`,
    { awsService: "ec2.amazonaws.com", account, description: `Servers of ${args.service.name}`, statements },
    opts,
  );
}

/** Returns the statements that Session Manager needs; AWS's managed policy would also allow reading every parameter. */
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
