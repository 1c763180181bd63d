import * as lb from "@pulumi/aws/lb";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { assertNever } from "../contract/assert-never";
import type { ListenerBackend } from "../contract/backend";
import { logicalName } from "../naming/names";
import { healthCheck, timeouts } from "../traffic/timeouts";
import type { SharedBalancer } from "./private-alb";

export interface TargetGroupArgs {
  readonly vpcId: Input<string>;
  /** Port of the servers. */
  readonly port: number;
  /** `instance` for Auto Scaling groups, `ip` for tasks that have their own address. */
  readonly targetType: "instance" | "ip";
  /** Zones and fewest servers of the service; they say how many healthy ones are too few. */
  readonly zones: number;
  readonly minServers: number;
}

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
        path: healthCheck.path,
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
 * Healthy servers below which a balancer node leaves DNS, and then sends to unhealthy servers too: half of what is left
 * when a zone is lost, two at least, but never more than is left, or the loss of a zone alone would trip it.
 */
export function healthyMinimum(zones: number, minServers: number): number {
  const left = Math.floor((minServers * (zones - 1)) / zones);
  return Math.max(1, Math.min(2, left), Math.floor(left / 2));
}

/** What a listener does with a request no rule took. */
export type DefaultAction =
  | { readonly kind: "forward"; readonly targetGroupArn: Input<string> }
  /** Answers 503: something else (Beanstalk) adds rules that take every request while its servers exist. */
  | { readonly kind: "unavailable" };

export interface ListenerArgs {
  readonly balancer: Pick<SharedBalancer, "loadBalancerArn">;
  readonly port: number;
  readonly action: DefaultAction;
}

/** One service's listener on the shared balancer. Plain HTTP: it is reached from inside the VPC only, behind a gateway. */
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
