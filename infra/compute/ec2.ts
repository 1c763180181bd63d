import * as autoscaling from "@pulumi/aws/autoscaling";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { createListener, createTargetGroup } from "../balancer/service-listener";
import type { ListenerBackend } from "../core/backend";
import type { ComputeArgs } from "../core/compute";
import { balancerToServer, serverToHttps } from "../core/flows";
import { accountOf, allow, createRole, logStatements, type RoleWithPolicy, tableStatements } from "../core/iam";
import { allowHttpsOut, connect, createGroup } from "../core/security-group";
import { errorRateAlarm } from "./alarms";
import { serverEnvironment } from "./environment";
import {
  artifactBucketOf,
  artifactKey,
  balancerOf,
  createLogGroup,
  listenerBackend,
  scalingTarget,
  serverCapacity,
  uploadArtifact,
} from "./shared";
import { sizes } from "./sizes";
import { userData } from "./user-data";

const newestImage = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

/** From launch to the first passed health check: boot, packages, artifact, two checks. */
const bootSeconds = 180;

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
    const capacity = serverCapacity(args);
    const balancer = balancerOf(args);
    const targets = createTargetGroup(
      `${name}-targets`,
      {
        vpcId: args.network.vpcId,
        port: args.service.port,
        targetType: "instance",
        zones: args.network.zones.length,
        minServers: capacity.min,
      },
      { parent: this },
    );
    const listener = createListener(
      `${name}-listener`,
      { balancer, port: args.service.port, action: { kind: "forward", targetGroupArn: targets.arn } },
      { parent: this },
    );
    const group = this.createServerGroup(name, args);
    const logs = createLogGroup(`${name}-logs`, args, { parent: this });
    const role = this.createServerRole(name, args, logs.arn);
    const template = this.createTemplate(name, args, { group, role, logGroup: logs.name });
    const servers = this.createServers(name, args, { template, targets, listener, capacity });
    this.scale(name, args, { servers, targets });
    this.backend = listenerBackend(balancer, listener.arn, args.service.port);
    this.roleName = role.role.name;
    this.registerOutputs({ backend: this.backend, roleName: this.roleName });
  }

  private createServerGroup(name: string, args: ComputeArgs): ec2.SecurityGroup {
    const group = createGroup(
      `${name}-group`,
      { vpcId: args.network.vpcId, description: `Servers of ${args.service.name}` },
      { parent: this },
    );
    const from = balancerOf(args).securityGroupId;
    connect(`${name}-from-balancer`, { flow: balancerToServer(args.service), from, to: group.id }, { parent: this });
    allowHttpsOut(`${name}-https`, group.id, serverToHttps(), { parent: this });
    return group;
  }

  private createServerRole(name: string, args: ComputeArgs, logGroupArn: pulumi.Input<string>): RoleWithPolicy {
    const account = accountOf(args.table.arn);
    return createRole(
      `${name}-role`,
      {
        service: "ec2.amazonaws.com",
        account,
        description: `Servers of ${args.service.name}`,
        statements: [
          ...tableStatements(args.table.arn),
          ...logStatements(logGroupArn),
          allow(["s3:GetObject"], pulumi.interpolate`arn:aws:s3:::${artifactBucketOf(args)}/${args.service.name}/*`),
          // What Session Manager needs, without the managed policy's right to read every parameter.
          allow(
            ["ssm:UpdateInstanceInformation"],
            pulumi.interpolate`arn:aws:ec2:${args.region}:${account}:instance/*`,
          ),
          allow(
            [
              "ssmmessages:CreateControlChannel",
              "ssmmessages:CreateDataChannel",
              "ssmmessages:OpenControlChannel",
              "ssmmessages:OpenDataChannel",
            ],
            "*",
          ),
        ],
      },
      { parent: this },
    );
  }

  private createTemplate(
    name: string,
    args: ComputeArgs,
    parts: { group: ec2.SecurityGroup; role: RoleWithPolicy; logGroup: pulumi.Output<string> },
  ): ec2.LaunchTemplate {
    const profile = new iam.InstanceProfile(`${name}-profile`, { role: parts.role.role.name }, { parent: this });
    const artifact = uploadArtifact(`${name}-artifact`, args, { parent: this });
    return new ec2.LaunchTemplate(
      `${name}-template`,
      {
        description: `Servers of ${args.service.name}`,
        imageId: args.machineImage ?? newestImage,
        instanceType: sizes[args.service.capacity.size].instanceTypes[0],
        iamInstanceProfile: { arn: profile.arn },
        userData: this.renderUserData(args, parts.logGroup),
        updateDefaultVersion: true,
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        monitoring: { enabled: true },
        networkInterfaces: [
          {
            deviceIndex: 0,
            associatePublicIpAddress: "false",
            deleteOnTermination: "true",
            securityGroups: [parts.group.id],
          },
        ],
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: { volumeType: "gp3", volumeSize: 20, encrypted: "true", deleteOnTermination: "true" },
          },
        ],
      },
      { parent: this, dependsOn: [parts.role.policy, artifact] },
    );
  }

  private renderUserData(args: ComputeArgs, logGroup: pulumi.Output<string>): pulumi.Output<string> {
    return pulumi
      .output({ bucket: artifactBucketOf(args), logGroup, environment: serverEnvironment(args) })
      .apply((known) => {
        const text = userData({
          ...known,
          service: args.service.name,
          region: args.region,
          artifactKey: artifactKey(args),
        });
        return Buffer.from(text).toString("base64");
      });
  }

  private createServers(
    name: string,
    args: ComputeArgs,
    parts: {
      template: ec2.LaunchTemplate;
      targets: lb.TargetGroup;
      listener: lb.Listener;
      capacity: { min: number; max: number };
    },
  ): autoscaling.Group {
    const alarm = errorRateAlarm(
      `${name}-errors`,
      {
        alarmTopicArn: args.alarmTopicArn,
        description: `Servers of ${args.service.name} fail requests; an instance refresh under way is undone`,
        namespace: "AWS/ApplicationELB",
        dimensions: { LoadBalancer: balancerOf(args).arnSuffix, TargetGroup: parts.targets.arnSuffix },
        requests: "RequestCount",
        errors: "HTTPCode_Target_5XX_Count",
      },
      { parent: this },
    );
    return new autoscaling.Group(
      `${name}-servers`,
      {
        minSize: parts.capacity.min,
        maxSize: parts.capacity.max,
        desiredCapacity: parts.capacity.min,
        vpcZoneIdentifiers: args.network.privateSubnetIds,
        targetGroupArns: [parts.targets.arn],
        healthCheckType: "ELB",
        healthCheckGracePeriod: bootSeconds,
        defaultInstanceWarmup: bootSeconds,
        mixedInstancesPolicy: {
          launchTemplate: {
            // A number: with $Latest AWS neither starts a refresh nor rolls one back.
            launchTemplateSpecification: {
              launchTemplateId: parts.template.id,
              version: pulumi.interpolate`${parts.template.latestVersion}`,
            },
            overrides: sizes[args.service.capacity.size].instanceTypes.map((instanceType) => ({ instanceType })),
          },
          instancesDistribution: {
            onDemandAllocationStrategy: "prioritized",
            onDemandPercentageAboveBaseCapacity: 100,
          },
        },
        instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
        instanceRefresh: {
          strategy: "Rolling",
          preferences: {
            minHealthyPercentage: 100,
            maxHealthyPercentage: 150,
            instanceWarmup: String(bootSeconds),
            skipMatching: true,
            // AWS refuses to roll back to an image named by a parameter.
            autoRollback: args.machineImage !== undefined,
            alarmSpecification: { alarms: [alarm.name] },
          },
        },
        availabilityZoneDistribution: { capacityDistributionStrategy: "balanced-best-effort" },
        enabledMetrics: ["GroupInServiceInstances", "GroupDesiredCapacity", "GroupMinSize", "GroupMaxSize"],
        waitForCapacityTimeout: "15m",
        minElbCapacity: parts.capacity.min,
        tags: [{ key: "Name", value: name, propagateAtLaunch: true }],
      },
      // Scaling owns the count. The listener first: a target group no listener uses checks no health.
      { parent: this, ignoreChanges: ["desiredCapacity"], dependsOn: [parts.listener] },
    );
  }

  private scale(
    name: string,
    args: ComputeArgs,
    { servers, targets }: { servers: autoscaling.Group; targets: lb.TargetGroup },
  ): void {
    new autoscaling.Policy(
      `${name}-scale-cpu`,
      {
        autoscalingGroupName: servers.name,
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
          targetValue: scalingTarget(args, args.service.scaling.cpuPercent),
        },
      },
      { parent: this },
    );
    new autoscaling.Policy(
      `${name}-scale-requests`,
      {
        autoscalingGroupName: servers.name,
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: {
          predefinedMetricSpecification: {
            predefinedMetricType: "ALBRequestCountPerTarget",
            resourceLabel: pulumi.interpolate`${balancerOf(args).arnSuffix}/${targets.arnSuffix}`,
          },
          // The metric counts per minute.
          targetValue: args.service.scaling.requestsPerSecond * 60,
        },
      },
      { parent: this },
    );
  }
}
