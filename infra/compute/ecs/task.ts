import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ecs from "@pulumi/aws/ecs";
import * as pulumi from "@pulumi/pulumi";
import type { TableOutputs } from "../../contract/layer-outputs";
import type { ServiceSpec } from "../../contract/service";
import {
  accountIdOf,
  allow,
  createBareRole,
  createRole,
  logStatements,
  type RoleWithPolicy,
  tableStatements,
} from "../../security/iam";
import type { Size } from "../pattern";
import { type ServiceGrants, secretStatements } from "../service-grants";
import { serverVariables } from "../service-variables";
import { containerDefinition } from "./container";
import { createImage, type ServiceImage } from "./image";
import { type Architecture, programOf, type TaskSource } from "./program";
import { taskSizes } from "./sizes";

/** A task definition and the roles of its tasks. */
export interface Task {
  readonly definition: ecs.TaskDefinition;
  /** Role of the service's code; without a policy where it may do nothing. */
  readonly role: Pick<RoleWithPolicy, "role"> & Partial<RoleWithPolicy>;
  /** Role that ECS uses to start the task: to pull the image and write logs. */
  readonly executionRole: RoleWithPolicy;
}

/** Arguments of `createTask`. */
export interface TaskArgs {
  readonly region: string;
  readonly service: Pick<ServiceSpec, "name" | "port" | "table">;
  readonly size: Size;
  readonly source: TaskSource;
  /** Keeps the repository from being deleted while it has images. */
  readonly keepImages: boolean;
  /** @default none */
  readonly table?: TableOutputs | undefined;
  readonly grants?: ServiceGrants | undefined;
  readonly cluster: ecs.Cluster;
  readonly logs: cloudwatch.LogGroup;
}

/** What ECS calls the processors. */
const cpuArchitectures = { arm64: "ARM64", amd64: "X86_64" } as const satisfies Readonly<Record<Architecture, string>>;

/** Makes the image, the two roles and the task definition of a service. */
export function createTask(name: string, args: TaskArgs, opts: pulumi.CustomResourceOptions): Task {
  const image = createImage(name, args, opts);
  const role = createTaskRole(name, args, opts);
  const executionRole = createExecutionRole(name, args, image, opts);
  const { cpu, memory } = taskSizes[args.size];
  const definition = new ecs.TaskDefinition(
    `${name}-task`,
    {
      // As unique as the cluster's name: two environments of one AWS account must not share the numbers of revisions.
      family: args.cluster.name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      runtimePlatform: {
        cpuArchitecture: cpuArchitectures[programOf(args.source).architecture],
        operatingSystemFamily: "LINUX",
      },
      cpu: String(cpu),
      memory: String(memory),
      taskRoleArn: role.role.arn,
      executionRoleArn: executionRole.role.arn,
      containerDefinitions: renderContainers(args, image),
      // A deployment that rolls back needs the revision before this one.
      skipDestroy: true,
    },
    opts,
  );
  return { definition, role, executionRole };
}

function renderContainers(args: TaskArgs, image: ServiceImage): pulumi.Output<string> {
  return pulumi
    .output({
      image: image.uri,
      logGroup: args.logs.name,
      variables: serverVariables(args),
      secrets: args.grants?.secrets ?? {},
    })
    .apply((known) => {
      const { name: service, port } = args.service;
      const { region } = args;
      const program = programOf(args.source);
      return JSON.stringify([containerDefinition({ ...known, service, port, region, program })]);
    });
}

function createTaskRole(name: string, args: TaskArgs, opts: pulumi.CustomResourceOptions): Task["role"] {
  const { table, service, grants } = args;
  const onTable = table === undefined || service.table === undefined ? [] : tableStatements(table, service.table);
  const statements = [...onTable, ...(grants?.statements ?? [])];
  const role = { ...trustOf(args), description: `Code of ${service.name}` };
  return statements.length === 0
    ? { role: createBareRole(`${name}-role`, role, opts) }
    : createRole(`${name}-role`, { ...role, statements }, opts);
}

function createExecutionRole(
  name: string,
  args: TaskArgs,
  image: ServiceImage,
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
        ...logStatements(args.logs.arn),
        ...secretStatements(args.grants),
      ],
    },
    opts,
  );
}

function trustOf({ region, table, cluster }: Pick<TaskArgs, "region" | "table" | "cluster">) {
  const account = accountIdOf((table ?? cluster).arn);
  const sourceArn = pulumi.interpolate`arn:aws:ecs:${region}:${account}:*`;
  return { awsService: "ecs-tasks.amazonaws.com", account, sourceArn } as const;
}
