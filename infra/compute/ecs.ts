import * as appautoscaling from "@pulumi/aws/appautoscaling";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as ec2 from "@pulumi/aws/ec2";
import * as ecs from "@pulumi/aws/ecs";
import * as pulumi from "@pulumi/pulumi";
import type { ComputeBackend } from "../core/backend";
import type { Capacity } from "../core/capacity";
import type { ComputeArgs } from "../core/compute";
import { serverToHttps } from "../core/flows";
import { accountOf, allow, createRole, logStatements, type RoleWithPolicy, tableStatements } from "../core/iam";
import { allowHttpsOut, createGroup } from "../core/security-group";
import type { ServiceSpec } from "../core/service";
import { utilisationAlarm } from "./alarms";
import { containerDefinition } from "./container";
import { createImage, type ServiceImage } from "./ecs-image";
import { createIngress, type EcsIngress } from "./ecs-ingress";
import { serverEnvironment } from "./environment";
import { createLogGroup, scalingTarget, serverCapacity } from "./shared";
import { sizes } from "./sizes";

/** Fargate tasks over all zones, found through Cloud Map or the shared balancer. */
export class EcsService extends pulumi.ComponentResource {
  static backendKind({ ingress }: Pick<ServiceSpec, "ingress">) {
    return ingress === "alb" ? ("listener" as const) : ("discovery" as const);
  }
  static needs({ ingress }: Pick<ServiceSpec, "ingress">) {
    return { balancer: ingress === "alb", artifactBucket: false };
  }

  readonly backend: ComputeBackend;
  readonly roleName: pulumi.Output<string>;

  constructor(name: string, args: ComputeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:EcsService", name, {}, opts);
    const capacity = serverCapacity(args);
    const logs = createLogGroup(`${name}-logs`, args, { parent: this });
    const image = createImage(name, args, { parent: this });
    const taskRole = this.createTaskRole(name, args);
    const executionRole = this.createExecutionRole(name, args, image, logs);
    const { cluster, providers } = this.createCluster(name, args, logs);
    const task = this.createTask(name, args, { cluster, image, logs, taskRole, executionRole });
    const group = this.createTaskGroup(name, args);
    const ingress = createIngress(name, args, group.id, { parent: this });
    const service = this.createService(name, args, {
      cluster,
      task,
      group,
      ingress,
      capacity,
      dependsOn: [providers, taskRole.policy, executionRole.policy, ...ingress.dependsOn],
    });
    this.scale(name, args, { cluster, service, capacity });
    this.backend = ingress.backend;
    this.roleName = taskRole.role.name;
    this.registerOutputs({ backend: this.backend, roleName: this.roleName });
  }

  private createTaskRole(name: string, args: ComputeArgs): RoleWithPolicy {
    return createRole(
      `${name}-role`,
      {
        ...this.trust(args),
        description: `Code of ${args.service.name}`,
        statements: tableStatements(args.table.arn),
      },
      { parent: this },
    );
  }

  /** What ECS itself does before the service's code runs: pulls the image, writes logs. */
  private createExecutionRole(
    name: string,
    args: ComputeArgs,
    image: ServiceImage,
    logs: cloudwatch.LogGroup,
  ): RoleWithPolicy {
    return createRole(
      `${name}-execution-role`,
      {
        ...this.trust(args),
        description: `Starts tasks of ${args.service.name}`,
        statements: [
          allow(["ecr:GetAuthorizationToken"], "*"),
          allow(
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            image.repository.arn,
          ),
          ...logStatements(logs.arn),
        ],
      },
      { parent: this },
    );
  }

  private trust(args: ComputeArgs) {
    const account = accountOf(args.table.arn);
    const sourceArn = pulumi.interpolate`arn:aws:ecs:${args.region}:${account}:*`;
    return { service: "ecs-tasks.amazonaws.com", account, sourceArn } as const;
  }

  private createTask(
    name: string,
    args: ComputeArgs,
    parts: {
      cluster: ecs.Cluster;
      image: ServiceImage;
      logs: cloudwatch.LogGroup;
      taskRole: RoleWithPolicy;
      executionRole: RoleWithPolicy;
    },
  ): ecs.TaskDefinition {
    const { cpu, memory } = sizes[args.service.capacity.size].fargate;
    const containers = pulumi
      .output({ image: parts.image.uri, logGroup: parts.logs.name, environment: serverEnvironment(args) })
      .apply((known) => {
        const { name: service, port } = args.service;
        return JSON.stringify([containerDefinition({ ...known, service, port, region: args.region })]);
      });
    return new ecs.TaskDefinition(
      `${name}-task`,
      {
        // As unique as the cluster: two environments of one account must not number their revisions together.
        family: parts.cluster.name,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
        cpu: String(cpu),
        memory: String(memory),
        taskRoleArn: parts.taskRole.role.arn,
        executionRoleArn: parts.executionRole.role.arn,
        containerDefinitions: containers,
        // A deployment that rolls back needs the revision before this one.
        skipDestroy: true,
      },
      { parent: this },
    );
  }

  private createCluster(name: string, args: ComputeArgs, logs: cloudwatch.LogGroup) {
    const cluster = new ecs.Cluster(
      `${name}-cluster`,
      {
        settings: [{ name: "containerInsights", value: "enabled" }],
        configuration: {
          executeCommandConfiguration: { logging: "OVERRIDE", logConfiguration: { cloudWatchLogGroupName: logs.name } },
        },
      },
      { parent: this },
    );
    const providers = new ecs.ClusterCapacityProviders(
      `${name}-capacity`,
      {
        clusterName: cluster.name,
        capacityProviders: ["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategies: capacityStrategy(
          serverCapacity(args).min,
          args.service.capacity.spotPercent,
        ),
      },
      { parent: this },
    );
    return { cluster, providers };
  }

  private createTaskGroup(name: string, args: ComputeArgs): ec2.SecurityGroup {
    const group = createGroup(
      `${name}-group`,
      { vpcId: args.network.vpcId, description: `Tasks of ${args.service.name}` },
      { parent: this },
    );
    allowHttpsOut(`${name}-https`, group.id, serverToHttps(), { parent: this });
    return group;
  }

  private createService(
    name: string,
    args: ComputeArgs,
    parts: {
      cluster: ecs.Cluster;
      task: ecs.TaskDefinition;
      group: ec2.SecurityGroup;
      ingress: EcsIngress;
      capacity: Capacity;
      dependsOn: pulumi.Resource[];
    },
  ): ecs.Service {
    // The name is the service's own, so that the alarms can exist before the service they judge.
    const serviceName = args.service.name;
    const alarms = this.createAlarms(name, args, { ClusterName: parts.cluster.name, ServiceName: serviceName });
    return new ecs.Service(
      `${name}-service`,
      {
        name: serviceName,
        cluster: parts.cluster.arn,
        taskDefinition: parts.task.arn,
        desiredCount: parts.capacity.min,
        capacityProviderStrategies: capacityStrategy(parts.capacity.min, args.service.capacity.spotPercent),
        // A changed strategy would replace the service otherwise.
        forceNewDeployment: true,
        platformVersion: "LATEST",
        availabilityZoneRebalancing: "ENABLED",
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        alarms: {
          enable: true,
          rollback: true,
          alarmNames: [...alarms.map((alarm) => alarm.name), ...parts.ingress.alarmNames],
        },
        networkConfiguration: {
          subnets: args.network.privateSubnetIds,
          securityGroups: [parts.group.id],
          assignPublicIp: false,
        },
        ...parts.ingress.service,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        // So that a deployment that was rolled back fails `pulumi up`.
        waitForSteadyState: true,
      },
      // Scaling owns the count.
      { parent: this, ignoreChanges: ["desiredCount"], dependsOn: parts.dependsOn },
    );
  }

  private createAlarms(
    name: string,
    args: ComputeArgs,
    dimensions: Readonly<Record<string, pulumi.Input<string>>>,
  ): cloudwatch.MetricAlarm[] {
    const alarm = (role: string, metricName: "CPUUtilization" | "MemoryUtilization") =>
      utilisationAlarm(
        `${name}-${role}-high`,
        {
          alarmTopicArn: args.alarmTopicArn,
          description: `Tasks of ${args.service.name} run out of ${role}; a deployment under way is undone`,
          metricName,
          dimensions,
          threshold: 90,
        },
        { parent: this },
      );
    return [alarm("cpu", "CPUUtilization"), alarm("memory", "MemoryUtilization")];
  }

  private scale(
    name: string,
    args: ComputeArgs,
    { cluster, service, capacity }: { cluster: ecs.Cluster; service: ecs.Service; capacity: Capacity },
  ): void {
    const target = new appautoscaling.Target(
      `${name}-scaling`,
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${cluster.name}/${service.name}`,
        minCapacity: capacity.min,
        maxCapacity: capacity.max,
      },
      { parent: this },
    );
    const track = (role: string, predefinedMetricType: string, percent: number) =>
      new appautoscaling.Policy(
        `${name}-scale-${role}`,
        {
          policyType: "TargetTrackingScaling",
          serviceNamespace: target.serviceNamespace,
          scalableDimension: target.scalableDimension,
          resourceId: target.resourceId,
          targetTrackingScalingPolicyConfiguration: {
            predefinedMetricSpecification: { predefinedMetricType },
            targetValue: scalingTarget(args, percent),
            scaleOutCooldown: 60,
            scaleInCooldown: 300,
          },
        },
        { parent: this },
      );
    track("cpu", "ECSServiceAverageCPUUtilization", args.service.scaling.cpuPercent);
    track("memory", "ECSServiceAverageMemoryUtilization", args.service.scaling.memoryPercent);
  }
}

/** The minimum runs on demand; of what scaling adds, so many percent may be Spot. */
export function capacityStrategy(base: number, spotPercent: number) {
  return [
    { capacityProvider: "FARGATE", base, weight: 100 - spotPercent },
    ...(spotPercent > 0 ? [{ capacityProvider: "FARGATE_SPOT", weight: spotPercent }] : []),
  ];
}
