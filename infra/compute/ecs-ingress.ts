import type * as ecs from "@pulumi/aws/ecs";
import * as servicediscovery from "@pulumi/aws/servicediscovery";
import type * as pulumi from "@pulumi/pulumi";
import { createListener, createTargetGroup } from "../balancer/service-listener";
import { assertNever, type DiscoveryBackend, type ListenerBackend } from "../core/backend";
import type { ComputeArgs } from "../core/compute";
import { balancerToServer } from "../core/flows";
import { connect } from "../core/security-group";
import { timeouts } from "../core/timeouts";
import { errorRateAlarm } from "./alarms";
import { balancerOf, listenerBackend, serverCapacity } from "./shared";

/** How a gateway finds the tasks, and what the ECS service must be told for it. */
export interface EcsIngress {
  readonly backend: DiscoveryBackend | ListenerBackend;
  readonly service: Pick<ecs.ServiceArgs, "serviceRegistries" | "loadBalancers" | "healthCheckGracePeriodSeconds">;
  /** Alarms that undo a deployment. */
  readonly alarmNames: readonly pulumi.Output<string>[];
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Pull of the image, start and first checks: the balancer's verdict does not count before. */
const startSeconds = 60;

/** @param groupId  security group of the tasks */
export function createIngress(
  name: string,
  args: ComputeArgs,
  groupId: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): EcsIngress {
  switch (args.service.ingress) {
    case "cloudmap":
      return discovered(name, args, groupId, opts);
    case "alb":
      return balanced(name, args, groupId, opts);
    default:
      return assertNever(args.service.ingress);
  }
}

function discovered(
  name: string,
  args: ComputeArgs,
  groupId: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): EcsIngress {
  const { network, service } = args;
  const registry = new servicediscovery.Service(
    `${name}-discovery`,
    {
      name: service.name,
      description: `Tasks of ${service.name}`,
      dnsConfig: {
        namespaceId: network.namespace.id,
        routingPolicy: "MULTIVALUE",
        // API Gateway asks for SRV: it needs the port.
        dnsRecords: [{ type: "SRV", ttl: timeouts.discoveryTtlSeconds }],
      },
      // ECS reports the container's health here; without it Cloud Map hands out unhealthy tasks.
      healthCheckCustomConfig: {},
      // Tasks that are still registered would block the deletion.
      forceDestroy: true,
    },
    opts,
  );
  return {
    backend: {
      kind: "discovery",
      serviceArn: registry.arn,
      namespaceName: network.namespace.name,
      serviceName: registry.name,
      port: service.port,
      securityGroupId: groupId,
    },
    service: {
      serviceRegistries: { registryArn: registry.arn, containerName: service.name, containerPort: service.port },
    },
    alarmNames: [],
    dependsOn: [],
  };
}

function balanced(
  name: string,
  args: ComputeArgs,
  groupId: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): EcsIngress {
  const { network, service } = args;
  const balancer = balancerOf(args);
  const targets = createTargetGroup(
    `${name}-targets`,
    {
      vpcId: network.vpcId,
      port: service.port,
      targetType: "ip",
      zones: network.zones.length,
      minServers: serverCapacity(args).min,
    },
    opts,
  );
  const listener = createListener(
    `${name}-listener`,
    { balancer, port: service.port, action: { kind: "forward", targetGroupArn: targets.arn } },
    opts,
  );
  const from = balancer.securityGroupId;
  connect(`${name}-from-balancer`, { flow: balancerToServer(service), from, to: groupId }, opts);
  const alarm = errorRateAlarm(
    `${name}-errors`,
    {
      alarmTopicArn: args.alarmTopicArn,
      description: `Tasks of ${service.name} fail requests; a deployment under way is undone`,
      namespace: "AWS/ApplicationELB",
      dimensions: { LoadBalancer: balancer.arnSuffix, TargetGroup: targets.arnSuffix },
      requests: "RequestCount",
      errors: "HTTPCode_Target_5XX_Count",
    },
    opts,
  );
  return {
    backend: listenerBackend(balancer, listener.arn, service.port),
    service: {
      loadBalancers: [{ targetGroupArn: targets.arn, containerName: service.name, containerPort: service.port }],
      healthCheckGracePeriodSeconds: startSeconds,
    },
    alarmNames: [alarm.name],
    // ECS refuses a target group that no listener uses.
    dependsOn: [listener],
  };
}
