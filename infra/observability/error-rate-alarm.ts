import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { type AlarmTarget, alarmActions } from "./alarm-actions";

/** Arguments of `errorRateAlarm`. */
export interface ErrorRateArgs extends AlarmTarget {
  readonly description: string;
  readonly namespace: "AWS/ApiGateway" | "AWS/ApplicationELB" | "AWS/Lambda";
  readonly dimensions: Readonly<Record<string, Input<string>>>;
  /** Metric that counts requests. @example "RequestCount" */
  readonly requestMetric: string;
  /** Metric that counts failed requests. @example "HTTPCode_Target_5XX_Count" */
  readonly errorMetric: string;
}

/**
 * Makes an alarm that goes off when more than 5 % of requests fail in two of three minutes. A minute with fewer than
 * 20 requests counts as good, as so few say nothing about the rate.
 */
export function errorRateAlarm(name: string, args: ErrorRateArgs, opts: CustomResourceOptions): cloudwatch.MetricAlarm {
  const metric = (metricName: string) => ({
    metric: { namespace: args.namespace, metricName, dimensions: args.dimensions, period: 60, stat: "Sum" },
  });
  return new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: args.description,
      metricQueries: [
        { id: "requests", ...metric(args.requestMetric) },
        { id: "errors", ...metric(args.errorMetric) },
        {
          id: "rate",
          label: "Failed requests, percent",
          expression: "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)",
          returnData: true,
        },
      ],
      comparisonOperator: "GreaterThanThreshold",
      threshold: 5,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: "notBreaching",
      ...alarmActions(args),
    },
    opts,
  );
}
