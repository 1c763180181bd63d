import * as autoscaling from "@pulumi/aws/autoscaling";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { createListener, createTargetGroup } from "../balancer/service-listener";
import type { ListenerBackend } from "../core/backend";
import type { ComputeArgs } from "../core/compute";
import { targetErrorAlarm } from "./alarms";
import { createServerRole, createTemplate } from "./ec2-template";
import { admitBalancer, createServerGroup } from "./server-group";
import { outlivingPattern } from "./service-scope";
import { balancerOf, createLogGroup, listenerBackend, scalingTarget, serverCapacity } from "./shared";
import { sizes } from "./sizes";

/** From launch to the first passed health check: boot, packages, artifact, two checks. */
const bootSeconds = 180;

/** Replacements start before what they replace stops, so that a deployment never costs capacity. */
const replacement = { minHealthyPercentage: 100, maxHealthyPercentage: 150 };

interface ServerParts {
  readonly template: ec2.LaunchTemplate;
  readonly targets: lb.TargetGroup;
  readonly listener: lb.Listener;
}

/** An Auto Scaling group over all zones, behind the shared balancer. No SSH: shells come from Session Manager. */
export class Ec2Service extends pulumi.ComponentResource {
  static backendKind() {
    return "listener" as const;
  }
  static needs() {
    return { balancer: true, artifactBucket: true };
  }

  readonly backend: ListenerBackend;
  readonly roleName: pulumi.Output<string>;

  constructor(name: string, args: ComputeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:Ec2Service", name, {}, opts);
    const { targets, listener } = this.createFront(name, args, outlivingPattern(this, opts));
    const group = createServerGroup(name, args, { parent: this });
    admitBalancer(name, args, group, { parent: this });
    const logs = createLogGroup(`${name}-logs`, args, { parent: this });
    const role = createServerRole(name, args, logs, { parent: this });
    const template = createTemplate(name, args, { group, role, logs }, { parent: this });
    const servers = this.createServers(name, args, { template, targets, listener });
    this.scale(name, args, servers, targets);
    this.backend = listenerBackend(balancerOf(args), listener.arn, args.service.port);
    this.roleName = role.role.name;
    this.registerOutputs({ backend: this.backend, roleName: this.roleName });
  }

  private createFront(name: string, args: ComputeArgs, outliving: pulumi.CustomResourceOptions) {
    const { network, service } = args;
    const targets = createTargetGroup(
      `${name}-targets`,
      {
        vpcId: network.vpcId,
        port: service.port,
        targetType: "instance",
        zones: network.zones.length,
        minServers: serverCapacity(args).min,
      },
      { parent: this },
    );
    const listener = createListener(
      `${name}-listener`,
      {
        balancer: balancerOf(args),
        port: service.port,
        action: { kind: "forward", targetGroupArn: targets.arn },
      },
      outliving,
    );
    return { targets, listener };
  }

  private createServers(name: string, args: ComputeArgs, parts: ServerParts): autoscaling.Group {
    const { min, max } = serverCapacity(args);
    const alarm = targetErrorAlarm(`${name}-errors`, args, parts.targets, { parent: this });
    return new autoscaling.Group(
      `${name}-servers`,
      {
        minSize: min,
        maxSize: max,
        desiredCapacity: min,
        vpcZoneIdentifiers: args.network.privateSubnetIds,
        targetGroupArns: [parts.targets.arn],
        healthCheckType: "ELB",
        healthCheckGracePeriod: bootSeconds,
        defaultInstanceWarmup: bootSeconds,
        mixedInstancesPolicy: launchFrom(parts.template, sizes[args.service.capacity.size].instanceTypes),
        instanceMaintenancePolicy: replacement,
        instanceRefresh: refresh(args, alarm),
        availabilityZoneDistribution: { capacityDistributionStrategy: "balanced-best-effort" },
        enabledMetrics: ["GroupInServiceInstances", "GroupDesiredCapacity", "GroupMinSize", "GroupMaxSize"],
        minElbCapacity: min,
        waitForCapacityTimeout: "15m",
        tags: [{ key: "Name", value: name, propagateAtLaunch: true }],
      },
      // Scaling owns the count. The listener first: a target group no listener uses checks no health.
      { parent: this, ignoreChanges: ["desiredCapacity"], dependsOn: [parts.listener] },
    );
  }

  private scale(name: string, args: ComputeArgs, servers: autoscaling.Group, targets: lb.TargetGroup): void {
    const track = (role: string, metric: PredefinedMetric, targetValue: number) =>
      new autoscaling.Policy(
        `${name}-scale-${role}`,
        {
          autoscalingGroupName: servers.name,
          policyType: "TargetTrackingScaling",
          targetTrackingConfiguration: { predefinedMetricSpecification: metric, targetValue },
        },
        { parent: this },
      );
    const { cpuPercent, requestsPerSecond } = args.service.scaling;
    track("cpu", { predefinedMetricType: "ASGAverageCPUUtilization" }, scalingTarget(args, cpuPercent));
    const resourceLabel = pulumi.interpolate`${balancerOf(args).arnSuffix}/${targets.arnSuffix}`;
    // Counted per minute.
    track("requests", { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel }, requestsPerSecond * 60);
  }
}

interface PredefinedMetric {
  readonly predefinedMetricType: string;
  readonly resourceLabel?: pulumi.Input<string>;
}

/** Several types, in order of preference: a zone short of one still gets servers when another zone is lost. */
function launchFrom(template: ec2.LaunchTemplate, instanceTypes: readonly string[]) {
  return {
    launchTemplate: {
      launchTemplateSpecification: {
        launchTemplateId: template.id,
        // A number: with $Latest AWS neither starts a refresh nor rolls one back.
        version: pulumi.interpolate`${template.latestVersion}`,
      },
      overrides: instanceTypes.map((instanceType) => ({ instanceType })),
    },
    instancesDistribution: { onDemandAllocationStrategy: "prioritized", onDemandPercentageAboveBaseCapacity: 100 },
  };
}

/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html */
function refresh({ machineImage }: ComputeArgs, alarm: cloudwatch.MetricAlarm) {
  return {
    strategy: "Rolling",
    preferences: {
      ...replacement,
      instanceWarmup: String(bootSeconds),
      skipMatching: true,
      // AWS refuses a rollback between images that a parameter names.
      autoRollback: machineImage !== undefined,
      alarmSpecification: { alarms: [alarm.name] },
    },
  };
}
