import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { type AlarmTarget, alarmActions } from "../../observability/alarm-actions";

/** Arguments of `utilisationAlarm`. */
export interface UtilisationArgs extends AlarmTarget {
  readonly description: string;
  readonly metricName: "CPUUtilization" | "MemoryUtilization";
  readonly dimensions: Readonly<Record<string, Input<string>>>;
  /** Percent. */
  readonly threshold: number;
}

/** Makes an alarm that goes off when a service's tasks use more CPU or memory than the threshold for five minutes. */
export function utilisationAlarm(
  name: string,
  args: UtilisationArgs,
  opts: CustomResourceOptions,
): cloudwatch.MetricAlarm {
  return new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: args.description,
      namespace: "AWS/ECS",
      metricName: args.metricName,
      dimensions: args.dimensions,
      statistic: "Average",
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold: args.threshold,
      evaluationPeriods: 5,
      datapointsToAlarm: 5,
      treatMissingData: "notBreaching",
      ...alarmActions(args),
    },
    opts,
  );
}
