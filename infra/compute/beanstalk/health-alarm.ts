import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { type AlarmTarget, alarmActions } from "../../observability/alarm-actions";

/** Arguments of `environmentHealthAlarm`. */
export interface EnvironmentHealthArgs extends AlarmTarget {
  readonly description: string;
  /** Name of the Beanstalk environment. */
  readonly environmentName: Input<string>;
}

/**
 * Makes an alarm that goes off when Beanstalk finds its environment degraded (20) or severe (25) in three of five
 * minutes. The target group belongs to Beanstalk, so a plan cannot name its metrics.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced-cloudwatch.html
 */
export function environmentHealthAlarm(
  name: string,
  args: EnvironmentHealthArgs,
  opts: CustomResourceOptions,
): cloudwatch.MetricAlarm {
  return new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: args.description,
      namespace: "AWS/ElasticBeanstalk",
      metricName: "EnvironmentHealth",
      dimensions: { EnvironmentName: args.environmentName },
      statistic: "Maximum",
      period: 60,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 20,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: "notBreaching",
      ...alarmActions(args),
    },
    opts,
  );
}
