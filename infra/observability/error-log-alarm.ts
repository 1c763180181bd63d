import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { type AlarmTarget, alarmActions } from "./alarm-actions";

/** Arguments of `errorLogAlarm`. */
export interface ErrorLogArgs extends AlarmTarget {
  /** What the function does, in a few words. @example "Admits tenants" */
  readonly description: string;
  /** Log group of the function, whose lines are JSON. */
  readonly logGroupName: Input<string>;
  /** Physical name of the function, which is unique in the region. */
  readonly functionName: Input<string>;
}

/** CloudWatch namespace of the metrics that are made from logs. */
const namespace = "Platform/Functions";

/**
 * Makes an alarm that goes off when a function logs errors in two of three minutes, and the metric that counts them:
 * lines of level error of its own, and Lambda's reports of a timeout or a process that ended. Lambda's metric Errors would
 * not do for an authorizer: it counts every refused token, as the error `Unauthorized` is the only way to answer 401.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function errorLogAlarm(name: string, args: ErrorLogArgs, opts: CustomResourceOptions): cloudwatch.MetricAlarm {
  const { description, logGroupName, functionName } = args;
  const filter = new cloudwatch.LogMetricFilter(
    `${name}-filter`,
    {
      logGroupName,
      pattern: '{ $.level = "error" || $.record.status = "timeout" || $.record.status = "failure" }',
      metricTransformation: { namespace, name: functionName, value: "1", defaultValue: "0", unit: "Count" },
    },
    opts,
  );
  return new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: `${description}: its log has errors`,
      namespace,
      metricName: filter.metricTransformation.name,
      statistic: "Sum",
      period: 60,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: "notBreaching",
      ...alarmActions(args),
    },
    opts,
  );
}
