import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { type AlarmTarget, alarmActions } from "../observability/alarm-actions";

/** Arguments of `createRunAlarms`. */
export interface RunAlarmsArgs extends AlarmTarget {
  readonly region: string;
  /** Log group of the region's experiments. */
  readonly logGroupName: Input<string>;
}

/** CloudWatch namespace of the metrics of experiments. */
export const experimentMetrics = "Platform/Experiments";

/**
 * Makes the alarms that tell people of experiments: one that has begun, and one that did not run to its end, as its stop
 * condition, a person or an error ended it. They are made from the experiments' log. A rule of EventBridge could tell
 * sooner, but the policy of a topic that it sends to must not have a condition, so that it would admit rules of any
 * account.
 * @see https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function createRunAlarms(name: string, args: RunAlarmsArgs, opts: CustomResourceOptions): void {
  const { region } = args;
  createRunAlarm(`${name}-started`, args, opts, {
    pattern: '{ $.log_type = "experiment-start" }',
    alarmDescription: `An experiment has begun in ${region}: what fails now is its doing`,
  });
  createRunAlarm(`${name}-ended-early`, args, opts, {
    pattern: '{ $.log_type = "experiment-end" && $.details.experiment_state.status != "completed" }',
    alarmDescription: `An experiment in ${region} was stopped or failed: its stop condition went off, or a target was not found`,
  });
}

function createRunAlarm(
  name: string,
  args: RunAlarmsArgs,
  opts: CustomResourceOptions,
  { pattern, alarmDescription }: { readonly pattern: string; readonly alarmDescription: string },
): void {
  const filter = new cloudwatch.LogMetricFilter(
    `${name}-filter`,
    {
      logGroupName: args.logGroupName,
      pattern,
      metricTransformation: { namespace: experimentMetrics, name, value: "1", unit: "Count" },
    },
    opts,
  );
  new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription,
      namespace: experimentMetrics,
      metricName: filter.metricTransformation.name,
      statistic: "Sum",
      period: 60,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      ...alarmActions(args),
    },
    opts,
  );
}
