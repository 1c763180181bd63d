import type * as ec2 from "@pulumi/aws/ec2";
import type * as ecs from "@pulumi/aws/ecs";
import * as servicediscovery from "@pulumi/aws/servicediscovery";
import type * as pulumi from "@pulumi/pulumi";
import { createListener, createTargetGroup } from "../balancer/service-listener";
import { assertNever, type DiscoveryBackend, type ListenerBackend } from "../core/backend";
import type { ComputeArgs } from "../core/compute";
import { timeouts } from "../core/timeouts";
import { targetErrorAlarm } from "./alarms";
import { admitBalancer } from "./server-group";
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

export function createIngress(
  name: string,
  args: ComputeArgs,
  group: ec2.SecurityGroup,
  opts: pulumi.CustomResourceOptions,
  outliving: pulumi.CustomResourceOptions,
): EcsIngress {
  switch (args.service.ingress) {
    case "cloudmap":
      return discovered(name, args, group, opts);
    case "alb":
      return balanced(name, args, group, opts, outliving);
    default:
      return assertNever(args.service.ingress);
  }
}

function discovered(
  name: string,
  args: ComputeArgs,
  group: ec2.SecurityGroup,
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
      securityGroupId: group.id,
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
  group: ec2.SecurityGroup,
  opts: pulumi.CustomResourceOptions,
  outliving: pulumi.CustomResourceOptions,
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
    outliving,
  );
  admitBalancer(name, args, group, opts);
  const alarm = targetErrorAlarm(`${name}-errors`, args, targets, opts);
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
