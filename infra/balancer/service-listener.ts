import * as lb from "@pulumi/aws/lb";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { assertNever } from "../contract/assert-never";
import type { ListenerBackend } from "../contract/backend";
import { logicalName } from "../naming/names";
import { healthCheck, timeouts } from "../traffic/timeouts";
import type { SharedBalancer } from "./private-alb";

/** Arguments of `createTargetGroup`. */
export interface TargetGroupArgs {
  readonly vpcId: Input<string>;
  /** Port of the servers. */
  readonly port: number;
  /** `instance` for Auto Scaling groups, `ip` for tasks that have their own address. */
  readonly targetType: "instance" | "ip";
  /** Number of zones; with the fewest servers it says how many healthy servers are too few. */
  readonly zones: number;
  /** Fewest servers of the service, over all zones. */
  readonly minServers: number;
  /** Path of the health check. @default the kit's */
  readonly healthPath?: string;
}

/** Makes the target group of a service's servers, with the platform's health check. */
export function createTargetGroup(name: string, args: TargetGroupArgs, opts: CustomResourceOptions): lb.TargetGroup {
  const minimum = healthyMinimum(args.zones, args.minServers);
  return new lb.TargetGroup(
    logicalName(name, "targetGroup"),
    {
      vpcId: args.vpcId,
      port: args.port,
      protocol: "HTTP",
      targetType: args.targetType,
      deregistrationDelay: timeouts.deregistrationSeconds,
      loadBalancingAlgorithmType: "least_outstanding_requests",
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        port: "traffic-port",
        path: args.healthPath ?? healthCheck.path,
        matcher: "200",
        interval: healthCheck.intervalSeconds,
        timeout: healthCheck.timeoutSeconds,
        healthyThreshold: healthCheck.healthyThreshold,
        unhealthyThreshold: healthCheck.unhealthyThreshold,
      },
      targetGroupHealth: {
        dnsFailover: { minimumHealthyTargetsCount: String(minimum) },
        unhealthyStateRouting: { minimumHealthyTargetsCount: minimum },
      },
    },
    opts,
  );
}

/**
 * Returns the number of healthy servers below which a balancer node leaves DNS and then sends requests to unhealthy
 * servers too: half of the servers that are left when a zone is lost, at least two, but never more than are left, as
 * the loss of one zone alone must not go below it.
 * @example healthyMinimum(3, 6) // 2
 */
export function healthyMinimum(zones: number, minServers: number): number {
  const left = Math.floor((minServers * (zones - 1)) / zones);
  return Math.max(1, Math.min(2, left), Math.floor(left / 2));
}

/** What a listener does with a request that no rule matches. */
type DefaultAction =
  | { readonly kind: "forward"; readonly targetGroupArn: Input<string> }
  /** Answers 503. Beanstalk adds a rule that matches the requests to its environment's own host. */
  | { readonly kind: "unavailable" };

/** Arguments of `createListener`. */
export interface ListenerArgs {
  readonly balancer: Pick<SharedBalancer, "loadBalancerArn">;
  readonly port: number;
  readonly action: DefaultAction;
}

/**
 * Makes a service's listener on the shared balancer. It is plain HTTP, as only a gateway reaches it, inside the VPC.
 */
export function createListener(name: string, args: ListenerArgs, opts: CustomResourceOptions): lb.Listener {
  return new lb.Listener(
    name,
    {
      loadBalancerArn: args.balancer.loadBalancerArn,
      port: args.port,
      protocol: "HTTP",
      defaultActions: [actionOf(args.action)],
    },
    opts,
  );
}

/** Returns the backend of a service that a listener of the shared balancer serves. */
export function listenerBackend(balancer: SharedBalancer, listenerArn: Input<string>, port: number): ListenerBackend {
  return {
    kind: "listener",
    listenerArn,
    loadBalancerArn: balancer.loadBalancerArn,
    dnsName: balancer.dnsName,
    port,
    securityGroupId: balancer.securityGroupId,
  };
}

function actionOf(action: DefaultAction) {
  switch (action.kind) {
    case "forward":
      return { type: "forward", targetGroupArn: action.targetGroupArn };
    case "unavailable":
      return {
        type: "fixed-response",
        fixedResponse: {
          statusCode: "503",
          contentType: "application/json",
          messageBody: '{"message":"Service Unavailable"}',
        },
      };
    default:
      return assertNever(action);
  }
}
