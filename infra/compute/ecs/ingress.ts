import type * as ec2 from "@pulumi/aws/ec2";
import type * as ecs from "@pulumi/aws/ecs";
import * as servicediscovery from "@pulumi/aws/servicediscovery";
import type * as pulumi from "@pulumi/pulumi";
import type { SharedBalancer } from "../../balancer/private-alb";
import { createListener, createTargetGroup, listenerBackend } from "../../balancer/service-listener";
import { targetErrorAlarm } from "../../balancer/target-error-alarm";
import { assertNever } from "../../contract/assert-never";
import type { DiscoveryBackend, ListenerBackend } from "../../contract/backend";
import type { NetworkOutputs } from "../../contract/layer-outputs";
import type { ServiceSpec } from "../../contract/service";
import type { AlarmTarget } from "../../observability/alarm-actions";
import { timeouts } from "../../traffic/timeouts";
import { admitBalancer } from "../server-security-group";

/** The ingress of a service and what it needs. */
export type IngressArgs =
  | { readonly kind: "cloudmap"; readonly namespace: Pick<NetworkOutputs["namespace"], "id" | "name"> }
  | {
      readonly kind: "alb";
      readonly balancer: SharedBalancer;
      /** Number of zones; with the fewest servers it says how many healthy targets are too few. */
      readonly zones: number;
    };

/** What an ingress needs to know about the tasks. */
interface TasksArgs extends AlarmTarget {
  readonly service: Pick<ServiceSpec, "name" | "port">;
  readonly vpcId: pulumi.Input<string>;
  /** Security group of the tasks. */
  readonly group: ec2.SecurityGroup;
  readonly minServers: number;
  /** Path of the balancer's health check. @default the kit's */
  readonly healthPath?: string;
}

/** The backend of the tasks, and the inputs of the ECS service through which gateways find them. */
export interface EcsIngress {
  readonly backend: DiscoveryBackend | ListenerBackend;
  readonly service: Pick<ecs.ServiceArgs, "serviceRegistries" | "loadBalancers" | "healthCheckGracePeriodSeconds">;
  /** Names of alarms that undo a deployment. */
  readonly alarmNames: readonly pulumi.Output<string>[];
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Seconds for pulling the image, the start and the first checks, in which ECS ignores the balancer's health checks. */
const startSeconds = 60;

/**
 * Custom health check of a Cloud Map service: ECS reports each task's health to it. Without it Cloud Map returns
 * unhealthy tasks too. The threshold is deprecated, but it must be here and be 1: the provider drops an empty block, and
 * AWS stores 1 for every value, so that anything else is a difference that replaces the service at every update.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/44285
 */
const discoveryHealth = { failureThreshold: 1 };

/**
 * Makes the Cloud Map service, or the target group and listener, through which gateways reach the tasks.
 * @param serviceOpts  options of resources that belong to the service and not to its pattern
 */
export function createIngress(
  name: string,
  ingress: IngressArgs,
  tasks: TasksArgs,
  opts: pulumi.CustomResourceOptions,
  serviceOpts: pulumi.CustomResourceOptions,
): EcsIngress {
  switch (ingress.kind) {
    case "cloudmap":
      return createDiscoveryIngress(name, ingress.namespace, tasks, opts);
    case "alb":
      return createBalancerIngress(name, ingress, tasks, opts, serviceOpts);
    default:
      return assertNever(ingress);
  }
}

function createDiscoveryIngress(
  name: string,
  namespace: Pick<NetworkOutputs["namespace"], "id" | "name">,
  { service, group }: TasksArgs,
  opts: pulumi.CustomResourceOptions,
): EcsIngress {
  const registry = new servicediscovery.Service(
    `${name}-discovery`,
    {
      name: service.name,
      description: `Tasks of ${service.name}`,
      dnsConfig: {
        namespaceId: namespace.id,
        routingPolicy: "MULTIVALUE",
        // API Gateway needs the port, which only SRV records have.
        dnsRecords: [{ type: "SRV", ttl: timeouts.discoveryTtlSeconds }],
      },
      healthCheckCustomConfig: discoveryHealth,
      // Tasks that are still registered would block the deletion.
      forceDestroy: true,
    },
    opts,
  );
  return {
    backend: {
      kind: "discovery",
      serviceArn: registry.arn,
      namespaceName: namespace.name,
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

function createBalancerIngress(
  name: string,
  { balancer, zones }: Extract<IngressArgs, { kind: "alb" }>,
  tasks: TasksArgs,
  opts: pulumi.CustomResourceOptions,
  serviceOpts: pulumi.CustomResourceOptions,
): EcsIngress {
  const { service, vpcId, group, minServers, alarmTopicArn, healthPath } = tasks;
  const targets = createTargetGroup(
    `${name}-targets`,
    { vpcId, port: service.port, targetType: "ip", zones, minServers, ...(healthPath && { healthPath }) },
    opts,
  );
  const listener = createListener(
    `${name}-listener`,
    { balancer, port: service.port, action: { kind: "forward", targetGroupArn: targets.arn } },
    serviceOpts,
  );
  admitBalancer(name, { service, balancer, group }, opts);
  const alarm = targetErrorAlarm(`${name}-errors`, { service: service.name, balancer, targets, alarmTopicArn }, opts);
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
