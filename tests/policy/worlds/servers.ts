import type { Draft, World } from "../helpers";
import { experiment } from "./experiment";
import { balancer, front, link, network, subnetIds, tableRights, trust } from "./network";

const serverVariables = { REQUEST_TIMEOUT_SECONDS: "10", DRAIN_SECONDS: "15", KEEP_ALIVE_SECONDS: "75" };
const serverGroup: Draft = {
  "server-group": ["aws:ec2/securityGroup:SecurityGroup", { vpcId: "@{vpc}", description: "Servers" }],
};
const base: Draft = { ...network, ...balancer, ...front, ...link, ...serverGroup };

/** A service on Fargate behind a balancer. */
export const ecs: World = {
  draft: {
    ...base,
    repository: [
      "aws:ecr/repository:Repository",
      { imageScanningConfiguration: { scanOnPush: true }, imageTagMutability: "IMMUTABLE" },
    ],
    "repository-lifecycle": ["aws:ecr/lifecyclePolicy:LifecyclePolicy", { repository: "@{repository}", policy: "{}" }],
    "repository-policy": [
      "aws:ecr/repositoryPolicy:RepositoryPolicy",
      {
        repository: "@{repository}",
        policy: {
          Statement: [
            { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "ecr:BatchGetImage" },
          ],
        },
      },
    ],
    cluster: [
      "aws:ecs/cluster:Cluster",
      {
        settings: [{ name: "containerInsights", value: "enabled" }],
        configuration: { executeCommandConfiguration: { logging: "OVERRIDE" } },
      },
    ],
    role: ["aws:iam/role:Role", { assumeRolePolicy: trust("ecs-tasks.amazonaws.com") }],
    "role-policy": ["aws:iam/rolePolicy:RolePolicy", { role: "@{role}", policy: tableRights }],
    "execution-role": ["aws:iam/role:Role", { assumeRolePolicy: trust("ecs-tasks.amazonaws.com") }],
    task: [
      "aws:ecs/taskDefinition:TaskDefinition",
      {
        family: "orders",
        networkMode: "awsvpc",
        taskRoleArn: "@{role.arn}",
        executionRoleArn: "@{execution-role.arn}",
        containerDefinitions: [
          {
            name: "orders",
            image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders@sha256:00",
            readonlyRootFilesystem: true,
            stopTimeout: 60,
            environment: Object.entries(serverVariables).map(([name, value]) => ({ name, value })),
            healthCheck: { interval: 10, timeout: 5, retries: 3, startPeriod: 30 },
            logConfiguration: { logDriver: "awslogs", options: { mode: "non-blocking", "max-buffer-size": "4m" } },
          },
        ],
      },
    ],
    service: [
      "aws:ecs/service:Service",
      {
        name: "orders",
        cluster: "@{cluster.arn}",
        taskDefinition: "@{task.arn}",
        desiredCount: 3,
        platformVersion: "LATEST",
        availabilityZoneRebalancing: "ENABLED",
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        networkConfiguration: { subnets: subnetIds, securityGroups: ["@{server-group}"], assignPublicIp: false },
        loadBalancers: [{ targetGroupArn: "@{targets.arn}", containerName: "orders", containerPort: 8080 }],
      },
    ],
    registry: ["aws:servicediscovery/service:Service", { healthCheckCustomConfig: { failureThreshold: 1 } }],
    providers: [
      "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
      {
        clusterName: "@{cluster}",
        defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 3, weight: 1 }],
      },
    ],
    scaling: [
      "aws:appautoscaling/target:Target",
      { minCapacity: 3, maxCapacity: 12, resourceId: "service/@{cluster}/@{service.name}" },
    ],
    "scale-cpu": [
      "aws:appautoscaling/policy:Policy",
      {
        resourceId: "service/@{cluster}/@{service.name}",
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
          targetValue: 60,
        },
      },
    ],
  },
};

const userData = Buffer.from(
  Object.entries(serverVariables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(""),
).toString("base64");

/** Instances behind a balancer. */
export const ec2: World = {
  draft: {
    ...base,
    role: ["aws:iam/role:Role", { assumeRolePolicy: trust("ec2.amazonaws.com") }],
    "role-policy": ["aws:iam/rolePolicy:RolePolicy", { role: "@{role}", policy: tableRights }],
    profile: ["aws:iam/instanceProfile:InstanceProfile", { role: "@{role}" }],
    template: [
      "aws:ec2/launchTemplate:LaunchTemplate",
      {
        imageId: "ami-0a1b2c3d4e5f60718",
        userData,
        iamInstanceProfile: { arn: "@{profile.arn}" },
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        networkInterfaces: [{ associatePublicIpAddress: "false", securityGroups: ["@{server-group}"] }],
        blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }],
      },
    ],
    group: [
      "aws:autoscaling/group:Group",
      {
        minSize: 3,
        maxSize: 12,
        vpcZoneIdentifiers: subnetIds,
        targetGroupArns: ["@{targets.arn}"],
        healthCheckType: "ELB",
        healthCheckGracePeriod: 180,
        defaultInstanceWarmup: 180,
        instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
        instanceRefresh: {
          strategy: "Rolling",
          preferences: { minHealthyPercentage: 100, autoRollback: true, skipMatching: true },
        },
        mixedInstancesPolicy: {
          launchTemplate: {
            launchTemplateSpecification: { launchTemplateId: "@{template}", version: "1" },
            overrides: [{ instanceType: "m7g.medium" }, { instanceType: "m6g.medium" }],
          },
        },
      },
    ],
    "scale-cpu": [
      "aws:autoscaling/policy:Policy",
      {
        autoscalingGroupName: "@{group}",
        targetTrackingConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
          targetValue: 60,
        },
      },
    ],
  },
};

const option = (namespace: string, name: string, value: string) => ({
  namespace: `aws:${namespace}`,
  name,
  value,
  resource: "",
});

/** An Elastic Beanstalk environment on the balancer. */
export const beanstalk: World = {
  draft: {
    ...network,
    ...balancer,
    ...link,
    ...experiment,
    alarm: [
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      {
        alarmActions: ["@{topic.arn}"],
        treatMissingData: "notBreaching",
        dimensions: { EnvironmentName: "@{environment}" },
      },
    ],
    listener: [
      "aws:lb/listener:Listener",
      {
        loadBalancerArn: "@{balancer.arn}",
        port: 8083,
        protocol: "HTTP",
        defaultActions: [{ type: "fixed-response" }],
      },
    ],
    integration: [
      "aws:apigatewayv2/integration:Integration",
      {
        apiId: "@{api}",
        connectionType: "VPC_LINK",
        connectionId: "@{link}",
        integrationUri: "@{listener.arn}",
        timeoutMilliseconds: 15000,
        requestParameters: { "overwrite:header.host": "@{environment.cname}" },
      },
    ],
    environment: [
      "aws:elasticbeanstalk/environment:Environment",
      {
        settings: [
          option("autoscaling:asg", "MinSize", "3"),
          option("autoscaling:asg", "MaxSize", "12"),
          option("autoscaling:trigger", "MeasureName", "CPUUtilization"),
          option("autoscaling:trigger", "UpperThreshold", "60"),
          option("ec2:vpc", "VPCId", "@{vpc}"),
          option("ec2:vpc", "Subnets", subnetIds.join(",")),
          option("ec2:vpc", "ELBSubnets", subnetIds.join(",")),
          option("elasticbeanstalk:healthreporting:system", "SystemType", "enhanced"),
          option("elasticbeanstalk:managedactions", "ManagedActionsEnabled", "true"),
          option("elasticbeanstalk:cloudwatch:logs", "StreamLogs", "true"),
          option("elasticbeanstalk:environment", "EnvironmentType", "LoadBalanced"),
          option("elasticbeanstalk:command", "DeploymentPolicy", "Immutable"),
          option("elasticbeanstalk:environment:process:default", "HealthCheckPath", "/healthz"),
          option("elasticbeanstalk:environment:process:default", "HealthCheckInterval", "10"),
          option("elasticbeanstalk:environment:process:default", "UnhealthyThresholdCount", "3"),
          option("elasticbeanstalk:environment:process:default", "DeregistrationDelay", "30"),
          option("elasticbeanstalk:environment", "LoadBalancerIsShared", "true"),
          option("elbv2:loadbalancer", "SharedLoadBalancer", "@{balancer.arn}"),
          option("elbv2:loadbalancer", "SecurityGroups", "@{balancer-group}"),
          option("elbv2:listener:8083", "Rules", "all"),
          ...Object.entries(serverVariables).map(([name, value]) =>
            option("elasticbeanstalk:application:environment", name, value),
          ),
        ],
      },
    ],
  },
};
