import * as autoscaling from "@pulumi/aws/autoscaling";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import type { SharedBalancer } from "../../balancer/private-alb";
import { createListener, createTargetGroup, listenerBackend } from "../../balancer/service-listener";
import { targetErrorAlarm } from "../../balancer/target-error-alarm";
import type { ListenerBackend } from "../../contract/backend";
import type { NetworkOutputs } from "../../contract/layer-outputs";
import type { AlarmTarget } from "../../observability/alarm-actions";
import { createLogGroup } from "../../observability/log-group";
import type { Capacity } from "../capacity";
import { instanceTypes } from "../instance-types";
import type { RunningService, RunSettings } from "../pattern";
import { ownedByService } from "../regional-service";
import { admitBalancer, createServerSecurityGroup } from "../server-security-group";
import { type ServerImage, serverImage } from "./image";
import { createLaunchTemplate, createServerRole, releaseTags, type ServerArgs } from "./launch-template";

/** Time from launch to the first passed health check: boot, packages, artifact, two checks. */
const bootSeconds = 180;

/** New servers start before the servers they replace stop, so that a deployment never reduces capacity. */
const replacement = { minHealthyPercentage: 100, maxHealthyPercentage: 150 };

interface ServerParts {
  readonly image: ServerImage;
  readonly template: ec2.LaunchTemplate;
  readonly targets: lb.TargetGroup;
  readonly listener: lb.Listener;
}

/** Arguments of `Ec2Service`. */
export interface Ec2ServiceArgs extends ServerArgs, AlarmTarget {
  readonly network: Pick<NetworkOutputs, "vpcId" | "cidr" | "storagePrefixLists" | "privateSubnetIds" | "zones">;
  readonly balancer: SharedBalancer;
  /** Fewest and most servers. */
  readonly capacity: Capacity;
  readonly scaling: Pick<RunSettings["scaling"], "cpuPercent" | "requestsPerSecond">;
  readonly logRetentionDays: number;
}

/**
 * A service under `ec2`: an Auto Scaling group over all zones, behind the shared balancer. Its servers have no SSH; use
 * Session Manager for a shell.
 */
export class Ec2Service extends pulumi.ComponentResource implements RunningService {
  readonly backend: ListenerBackend;
  readonly roleName: pulumi.Output<string>;

  constructor(name: string, args: Ec2ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:Ec2Service", name, {}, opts);
    const { service, balancer, network } = args;
    const { targets, listener } = this.createTargets(name, args, ownedByService(this, opts));
    const group = createServerSecurityGroup(
      name,
      { service, network, callsOut: args.grants?.callsOut },
      { parent: this },
    );
    admitBalancer(name, { service, balancer, group }, { parent: this });
    const logs = createLogGroup(`${name}-logs`, args, { parent: this });
    const role = createServerRole(name, args, logs, { parent: this });
    const image = serverImage(args, { parent: this });
    const template = createLaunchTemplate(name, args, { group, role, logs, image }, { parent: this });
    const servers = this.createServers(name, args, { image, template, targets, listener });
    this.scale(name, args, servers, targets);
    this.backend = listenerBackend(balancer, listener.arn, service.port);
    this.roleName = role.role.name;
    this.registerOutputs({ backend: this.backend, roleName: this.roleName });
  }

  private createTargets(name: string, args: Ec2ServiceArgs, serviceOpts: pulumi.CustomResourceOptions) {
    const { network, service, balancer, capacity } = args;
    const targets = createTargetGroup(
      `${name}-targets`,
      {
        vpcId: network.vpcId,
        port: service.port,
        targetType: "instance",
        zones: network.zones.length,
        minServers: capacity.min,
      },
      { parent: this },
    );
    const listener = createListener(
      `${name}-listener`,
      {
        balancer,
        port: service.port,
        action: { kind: "forward", targetGroupArn: targets.arn },
      },
      serviceOpts,
    );
    return { targets, listener };
  }

  private createServers(name: string, args: Ec2ServiceArgs, parts: ServerParts): autoscaling.Group {
    const { min, max } = args.capacity;
    const alarm = targetErrorAlarm(
      `${name}-errors`,
      {
        service: args.service.name,
        balancer: args.balancer,
        targets: parts.targets,
        alarmTopicArn: args.alarmTopicArn,
      },
      { parent: this },
    );
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
        mixedInstancesPolicy: launchFrom(parts.template, instanceTypes[args.size]),
        instanceMaintenancePolicy: replacement,
        instanceRefresh: refresh(alarm),
        availabilityZoneDistribution: { capacityDistributionStrategy: "balanced-best-effort" },
        enabledMetrics: ["GroupInServiceInstances", "GroupDesiredCapacity", "GroupMinSize", "GroupMaxSize"],
        minElbCapacity: min,
        waitForCapacityTimeout: "15m",
        tags: Object.entries({ Name: name, ...releaseTags(parts.image) }).map(([key, value]) => ({
          key,
          value,
          propagateAtLaunch: true,
        })),
      },
      // Scaling sets the count. The listener is made first: a target group that no listener uses checks no health.
      { parent: this, ignoreChanges: ["desiredCapacity"], dependsOn: [parts.listener] },
    );
  }

  private scale(name: string, args: Ec2ServiceArgs, servers: autoscaling.Group, targets: lb.TargetGroup): void {
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
    const { cpuPercent, requestsPerSecond } = args.scaling;
    track("cpu", { predefinedMetricType: "ASGAverageCPUUtilization" }, cpuPercent);
    const resourceLabel = pulumi.interpolate`${args.balancer.arnSuffix}/${targets.arnSuffix}`;
    // The metric counts requests per minute.
    track("requests", { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel }, requestsPerSecond * 60);
  }
}

interface PredefinedMetric {
  readonly predefinedMetricType: string;
  readonly resourceLabel?: pulumi.Input<string>;
}

/**
 * Returns what servers are launched from: several instance types, in order of preference, as a zone may be short of
 * one.
 */
function launchFrom(template: ec2.LaunchTemplate, types: readonly string[]) {
  return {
    launchTemplate: {
      launchTemplateSpecification: {
        launchTemplateId: template.id,
        // A number: with $Latest AWS does not start or roll back a refresh.
        version: pulumi.interpolate`${template.latestVersion}`,
      },
      overrides: types.map((instanceType) => ({ instanceType })),
    },
    instancesDistribution: { onDemandAllocationStrategy: "prioritized", onDemandPercentageAboveBaseCapacity: 100 },
  };
}

/**
 * Returns how a new version of the template reaches the servers. AWS allows `autoRollback` and `skipMatching` because
 * the template names an image and the group a numbered version. The provider sends the mixed instances policy as the
 * desired configuration that `autoRollback` requires; it also saves the new version in the group before, so that a
 * rollback keeps the servers that were not replaced yet and does not restore the others.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh-skip-matching.html
 * @see https://github.com/hashicorp/terraform-provider-aws/pull/31715
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/34189
 */
function refresh(alarm: cloudwatch.MetricAlarm) {
  return {
    strategy: "Rolling",
    preferences: {
      ...replacement,
      instanceWarmup: String(bootSeconds),
      skipMatching: true,
      autoRollback: true,
      alarmSpecification: { alarms: [alarm.name] },
    },
  };
}
