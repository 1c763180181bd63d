import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { type AlarmTarget, alarmActions } from "../../observability/alarm-actions";

/** Arguments of `beanstalkHealthAlarm`. */
export interface BeanstalkHealthArgs extends AlarmTarget {
  readonly description: string;
  /** Name of the Beanstalk environment. */
  readonly beanstalkEnvironmentName: Input<string>;
}

/**
 * Makes an alarm that goes off when the health of a Beanstalk environment is degraded (20) or severe (25) in three of
 * five minutes. Metrics of the target group cannot be used: Beanstalk makes it, so a plan does not know its name.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced-cloudwatch.html
 */
export function beanstalkHealthAlarm(
  name: string,
  args: BeanstalkHealthArgs,
  opts: CustomResourceOptions,
): cloudwatch.MetricAlarm {
  return new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: args.description,
      namespace: "AWS/ElasticBeanstalk",
      metricName: "EnvironmentHealth",
      dimensions: { EnvironmentName: args.beanstalkEnvironmentName },
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
