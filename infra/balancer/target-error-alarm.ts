import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as lb from "@pulumi/aws/lb";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { AlarmTarget } from "../observability/alarm-actions";
import { errorRateAlarm } from "../observability/error-rate-alarm";
import type { SharedBalancer } from "./private-alb";

/** Arguments of `targetErrorAlarm`. */
export interface TargetErrorArgs extends AlarmTarget {
  /** Name of the service, for the description. */
  readonly service: string;
  readonly balancer: Pick<SharedBalancer, "arnSuffix">;
  readonly targets: lb.TargetGroup;
}

/**
 * Makes an alarm that goes off when the servers of a service behind the balancer answer more than 5 % of requests with
 * 5xx.
 */
export function targetErrorAlarm(
  name: string,
  args: TargetErrorArgs,
  opts: CustomResourceOptions,
): cloudwatch.MetricAlarm {
  return errorRateAlarm(
    name,
    {
      alarmTopicArn: args.alarmTopicArn,
      description: `Servers of ${args.service} fail requests; a deployment under way is undone`,
      namespace: "AWS/ApplicationELB",
      dimensions: { LoadBalancer: args.balancer.arnSuffix, TargetGroup: args.targets.arnSuffix },
      requestMetric: "RequestCount",
      errorMetric: "HTTPCode_Target_5XX_Count",
    },
    opts,
  );
}
