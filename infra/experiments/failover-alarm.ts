import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { type AlarmTarget, alarmActions } from "../observability/alarm-actions";
import { experimentMetrics } from "./run-alarms";

/** Arguments of `createFailoverAlarm`. */
export interface FailoverAlarmArgs extends AlarmTarget {
  readonly region: string;
  /** Log group of the requests of the region's HTTP API. */
  readonly accessLogName: Input<string>;
  /** Longest time, in seconds, until every client's requests go to the other region. */
  readonly failoverSeconds: number;
}

/** Failed requests of clients in a minute from which it counts as bad. */
const threshold = 20;

/**
 * Makes the alarm that clients still get errors from a region when the name should have moved to the other one. It ends
 * experiments that break the whole region, where the region's error rate is meant to rise: only a failover that does not
 * happen is more than that. The probes of Route 53 fail all the time then, and do not count.
 *
 * An alarm on what the other region answers would say more, but FIS reads alarms of the experiment's region, and the
 * health checks of Route 53 have their metrics in us-east-1 only.
 */
export function createFailoverAlarm(
  name: string,
  args: FailoverAlarmArgs,
  opts: CustomResourceOptions,
): cloudwatch.MetricAlarm {
  const { region, accessLogName, failoverSeconds } = args;
  const filter = new cloudwatch.LogMetricFilter(
    `${name}-filter`,
    {
      logGroupName: accessLogName,
      pattern: '{ $.status = "5*" && $.routeKey != "*/healthz/region" }',
      metricTransformation: { namespace: experimentMetrics, name, value: "1", unit: "Count" },
    },
    opts,
  );
  // A minute more for the first, which is not whole, and one for resolvers that keep an address for longer.
  const minutes = Math.ceil(failoverSeconds / 60) + 2;
  return new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: `Clients still get errors from ${region} after ${minutes} minutes: their name has not moved, or the other region fails too`,
      namespace: experimentMetrics,
      metricName: filter.metricTransformation.name,
      statistic: "Sum",
      period: 60,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold,
      evaluationPeriods: minutes,
      datapointsToAlarm: minutes,
      treatMissingData: "notBreaching",
      ...alarmActions(args),
    },
    opts,
  );
}
