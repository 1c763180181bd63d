import * as appautoscaling from "@pulumi/aws/appautoscaling";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as ec2 from "@pulumi/aws/ec2";
import * as ecs from "@pulumi/aws/ecs";
import * as pulumi from "@pulumi/pulumi";
import type { ComputeBackend } from "../../contract/backend";
import type { NetworkOutputs, TableOutputs } from "../../contract/layer-outputs";
import type { ServiceSpec } from "../../contract/service";
import type { AlarmTarget } from "../../observability/alarm-actions";
import { createLogGroup } from "../../observability/log-group";
import type { Capacity } from "../capacity";
import type { RunningService, RunSettings, Size } from "../pattern";
import { ownedByService } from "../regional-service";
import { createServerSecurityGroup } from "../server-security-group";
import type { ServiceGrants } from "../service-grants";
import { createIngress, type EcsIngress, type IngressArgs } from "./ingress";
import type { TaskSource } from "./program";
import { createTask, type Task } from "./task";
import { utilisationAlarm } from "./utilisation-alarm";

/** Arguments of `EcsService`. */
export interface EcsServiceArgs extends AlarmTarget {
  readonly region: string;
  readonly service: Pick<ServiceSpec, "name" | "port" | "table">;
  /** Fewest and most tasks. */
  readonly capacity: Capacity;
  readonly size: Size;
  /** Share of the tasks above the minimum that run on Fargate Spot, 0-99; with 100 all tasks, also the minimum. */
  readonly spotPercent: number;
  readonly scaling: Pick<RunSettings["scaling"], "cpuPercent" | "memoryPercent">;
  readonly ingress: IngressArgs;
  readonly network: Pick<NetworkOutputs, "vpcId" | "cidr" | "storagePrefixLists" | "privateSubnetIds">;
  readonly source: TaskSource;
  /** @default none */
  readonly table?: TableOutputs | undefined;
  readonly grants?: ServiceGrants | undefined;
  readonly logRetentionDays: number;
  /** Keeps the image repository from being deleted while it has images. */
  readonly keepImages: boolean;
}

interface ServiceParts {
  readonly cluster: ecs.Cluster;
  readonly providers: ecs.ClusterCapacityProviders;
  readonly task: Task;
  readonly group: ec2.SecurityGroup;
  readonly ingress: EcsIngress;
}

/** A service under `ecs`: Fargate tasks over all zones, found through Cloud Map or the shared balancer. */
export class EcsService extends pulumi.ComponentResource implements RunningService {
  readonly backend: ComputeBackend;
  readonly roleName: pulumi.Output<string>;

  constructor(name: string, args: EcsServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:EcsService", name, {}, opts);
    const { service, network, capacity, alarmTopicArn } = args;
    const logs = createLogGroup(`${name}-logs`, args, { parent: this });
    const { cluster, providers } = this.createCluster(name, args, logs);
    const task = createTask(name, { ...args, cluster, logs }, { parent: this });
    const group = createServerSecurityGroup(
      name,
      { service, network, callsOut: args.grants?.callsOut },
      { parent: this },
    );
    const ingress = createIngress(
      name,
      args.ingress,
      { service, vpcId: network.vpcId, group, minServers: capacity.min, alarmTopicArn, ...healthPathOf(args.source) },
      { parent: this },
      ownedByService(this, opts),
    );
    const ecsService = this.createService(name, args, { cluster, providers, task, group, ingress });
    this.scale(name, args, cluster, ecsService);
    this.backend = ingress.backend;
    this.roleName = task.role.role.name;
    this.registerOutputs({ backend: this.backend, roleName: this.roleName });
  }

  private createCluster(name: string, args: EcsServiceArgs, logs: cloudwatch.LogGroup) {
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
        defaultCapacityProviderStrategies: capacityStrategy(args),
      },
      { parent: this },
    );
    return { cluster, providers };
  }

  private createService(name: string, args: EcsServiceArgs, parts: ServiceParts): ecs.Service {
    const { cluster, ingress, task } = parts;
    // A fixed name: the alarms that can undo a deployment are made before the ECS service. It is alone in its cluster.
    const serviceName = args.service.name;
    const alarms = this.createAlarms(name, args, { ClusterName: cluster.name, ServiceName: serviceName });
    return new ecs.Service(
      `${name}-service`,
      {
        name: serviceName,
        cluster: cluster.arn,
        taskDefinition: task.definition.arn,
        desiredCount: args.capacity.min,
        capacityProviderStrategies: capacityStrategy(args),
        ...deployment([...alarms.map((alarm) => alarm.name), ...ingress.alarmNames]),
        networkConfiguration: {
          subnets: args.network.privateSubnetIds,
          securityGroups: [parts.group.id],
          assignPublicIp: false,
        },
        ...ingress.service,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
      },
      {
        parent: this,
        // Scaling sets the count.
        ignoreChanges: ["desiredCount"],
        dependsOn: [
          parts.providers,
          ...(task.role.policy ? [task.role.policy] : []),
          task.executionRole.policy,
          ...ingress.dependsOn,
        ],
      },
    );
  }

  private createAlarms(
    name: string,
    args: EcsServiceArgs,
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

  private scale(name: string, args: EcsServiceArgs, cluster: ecs.Cluster, service: ecs.Service): void {
    const { min, max } = args.capacity;
    const scalable = {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: pulumi.interpolate`service/${cluster.name}/${service.name}`,
    };
    const target = new appautoscaling.Target(
      `${name}-scaling`,
      { ...scalable, minCapacity: min, maxCapacity: max },
      { parent: this },
    );
    const track = (role: string, predefinedMetricType: string, percent: number) =>
      new appautoscaling.Policy(
        `${name}-scale-${role}`,
        {
          policyType: "TargetTrackingScaling",
          ...scalable,
          targetTrackingScalingPolicyConfiguration: {
            predefinedMetricSpecification: { predefinedMetricType },
            targetValue: percent,
            scaleOutCooldown: 60,
            scaleInCooldown: 300,
          },
        },
        { parent: this, dependsOn: [target] },
      );
    track("cpu", "ECSServiceAverageCPUUtilization", args.scaling.cpuPercent);
    track("memory", "ECSServiceAverageMemoryUtilization", args.scaling.memoryPercent);
  }
}

function healthPathOf(source: TaskSource) {
  return source.kind === "outside" ? { healthPath: source.image.healthPath } : {};
}

/**
 * Returns how tasks are replaced: new ones start first; old ones come back when the new ones fail or an alarm goes off.
 */
function deployment(alarmNames: pulumi.Input<string>[]) {
  return {
    platformVersion: "LATEST",
    availabilityZoneRebalancing: "ENABLED",
    deploymentMinimumHealthyPercent: 100,
    deploymentMaximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    alarms: { enable: true, rollback: true, alarmNames },
    // AWS refuses a changed capacity strategy otherwise; older providers replaced the ECS service.
    forceNewDeployment: true,
    // So that a deployment that was rolled back fails `pulumi up`.
    waitForSteadyState: true,
  };
}

/**
 * Returns the capacity strategy: the minimum runs on demand, and `spotPercent` of the tasks that scaling adds may be
 * Spot. With 100 percent all tasks may be Spot, also the minimum: ECS places no task by a provider of weight 0, so such a
 * provider cannot have a base.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
 */
function capacityStrategy({ capacity, spotPercent }: Pick<EcsServiceArgs, "capacity" | "spotPercent">) {
  const onDemand = { capacityProvider: "FARGATE", base: capacity.min, weight: 100 - spotPercent };
  const spot = { capacityProvider: "FARGATE_SPOT", weight: spotPercent };
  return [onDemand, spot].filter(({ weight }) => weight > 0);
}
