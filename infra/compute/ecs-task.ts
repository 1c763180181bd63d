import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ecs from "@pulumi/aws/ecs";
import * as pulumi from "@pulumi/pulumi";
import type { ComputeArgs } from "../core/compute";
import { accountOf, allow, createRole, logStatements, type RoleWithPolicy, tableStatements } from "../core/iam";
import { containerDefinition } from "./container";
import { createImage, type ServiceImage } from "./ecs-image";
import { serverEnvironment } from "./environment";
import { sizes } from "./sizes";

export interface Task {
  readonly definition: ecs.TaskDefinition;
  /** What the service's code runs as. */
  readonly role: RoleWithPolicy;
  /** What ECS runs as until the code starts. */
  readonly executionRole: RoleWithPolicy;
}

export interface TaskParts {
  readonly cluster: ecs.Cluster;
  readonly logs: cloudwatch.LogGroup;
}

/** The image, the two roles and the task definition that joins them. */
export function createTask(
  name: string,
  args: ComputeArgs,
  parts: TaskParts,
  opts: pulumi.CustomResourceOptions,
): Task {
  const image = createImage(name, args, opts);
  const role = createTaskRole(name, args, opts);
  const executionRole = createExecutionRole(name, args, image, parts.logs, opts);
  const { cpu, memory } = sizes[args.service.capacity.size].fargate;
  const definition = new ecs.TaskDefinition(
    `${name}-task`,
    {
      // As unique as the cluster: two environments of one account must not number their revisions together.
      family: parts.cluster.name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      cpu: String(cpu),
      memory: String(memory),
      taskRoleArn: role.role.arn,
      executionRoleArn: executionRole.role.arn,
      containerDefinitions: renderContainers(args, image, parts.logs),
      // A deployment that rolls back needs the revision before this one.
      skipDestroy: true,
    },
    opts,
  );
  return { definition, role, executionRole };
}

function renderContainers(args: ComputeArgs, image: ServiceImage, logs: cloudwatch.LogGroup): pulumi.Output<string> {
  return pulumi
    .output({ image: image.uri, logGroup: logs.name, environment: serverEnvironment(args) })
    .apply((known) => {
      const { name: service, port } = args.service;
      return JSON.stringify([containerDefinition({ ...known, service, port, region: args.region })]);
    });
}

function createTaskRole(name: string, args: ComputeArgs, opts: pulumi.CustomResourceOptions): RoleWithPolicy {
  return createRole(
    `${name}-role`,
    {
      ...trustOf(args),
      description: `Code of ${args.service.name}`,
      statements: tableStatements(args.table.arn),
    },
    opts,
  );
}

function createExecutionRole(
  name: string,
  args: ComputeArgs,
  image: ServiceImage,
  logs: cloudwatch.LogGroup,
  opts: pulumi.CustomResourceOptions,
): RoleWithPolicy {
  const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
  return createRole(
    `${name}-execution-role`,
    {
      ...trustOf(args),
      description: `Starts tasks of ${args.service.name}`,
      statements: [
        allow(["ecr:GetAuthorizationToken"], "*"),
        allow(pull, image.repository.arn),
        ...logStatements(logs.arn),
      ],
    },
    opts,
  );
}

function trustOf(args: ComputeArgs) {
  const account = accountOf(args.table.arn);
  const sourceArn = pulumi.interpolate`arn:aws:ecs:${args.region}:${account}:*`;
  return { service: "ecs-tasks.amazonaws.com", account, sourceArn } as const;
}
