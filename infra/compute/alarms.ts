import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as lb from "@pulumi/aws/lb";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { ComputeArgs } from "../core/compute";
import { balancerOf } from "./shared";

type Dimensions = Readonly<Record<string, Input<string>>>;
type AlarmArgs = Pick<ComputeArgs, "alarmTopicArn">;

/** A failing deployment shows in minutes: two of three one-minute periods. */
const quick = { evaluationPeriods: 3, datapointsToAlarm: 2 };

export interface ErrorRateArgs extends AlarmArgs {
  readonly description: string;
  readonly namespace: "AWS/ApplicationELB" | "AWS/Lambda";
  readonly dimensions: Dimensions;
  /** Metrics that count requests and failures. */
  readonly requests: string;
  readonly errors: string;
}

/** More than 5 % of requests fail. Fewer than 20 requests a minute are too few to judge by. */
export function errorRateAlarm(name: string, args: ErrorRateArgs, opts: CustomResourceOptions): cloudwatch.MetricAlarm {
  const metric = (metricName: string) => ({
    metric: { namespace: args.namespace, metricName, dimensions: args.dimensions, period: 60, stat: "Sum" },
  });
  return new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: args.description,
      metricQueries: [
        { id: "requests", ...metric(args.requests) },
        { id: "errors", ...metric(args.errors) },
        {
          id: "rate",
          label: "Failed requests, percent",
          expression: "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)",
          returnData: true,
        },
      ],
      comparisonOperator: "GreaterThanThreshold",
      threshold: 5,
      ...quick,
      treatMissingData: "notBreaching",
      ...actions(args),
    },
    opts,
  );
}

/** The servers behind the balancer answer 5xx. */
export function targetErrorAlarm(
  name: string,
  args: ComputeArgs,
  targets: lb.TargetGroup,
  opts: CustomResourceOptions,
): cloudwatch.MetricAlarm {
  return errorRateAlarm(
    name,
    {
      alarmTopicArn: args.alarmTopicArn,
      description: `Servers of ${args.service.name} fail requests; a deployment under way is undone`,
      namespace: "AWS/ApplicationELB",
      dimensions: { LoadBalancer: balancerOf(args).arnSuffix, TargetGroup: targets.arnSuffix },
      requests: "RequestCount",
      errors: "HTTPCode_Target_5XX_Count",
    },
    opts,
  );
}

export interface UtilisationArgs extends AlarmArgs {
  readonly description: string;
  readonly metricName: "CPUUtilization" | "MemoryUtilization";
  readonly dimensions: Dimensions;
  /** Percent. */
  readonly threshold: number;
}

/** A service's tasks are out of CPU or memory although it may scale. */
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
      ...actions(args),
    },
    opts,
  );
}

export interface EnvironmentHealthArgs extends AlarmArgs {
  readonly description: string;
  readonly environmentName: Input<string>;
}

/**
 * Beanstalk finds its own environment degraded (20) or severe (25). The target group is Beanstalk's, so that its
 * metrics cannot be named at plan time.
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
      ...actions(args),
    },
    opts,
  );
}

function actions({ alarmTopicArn }: AlarmArgs) {
  return alarmTopicArn === undefined ? {} : { alarmActions: [alarmTopicArn], okActions: [alarmTopicArn] };
}
