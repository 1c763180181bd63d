import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../contract/service";
import { logicalName } from "../naming/names";
import { type AlarmTarget, alarmActions } from "../observability/alarm-actions";
import { allow, type Statement } from "../security/iam";

/** Arguments of `createFailedRuns`. */
export interface FailedRunsArgs extends AlarmTarget {
  readonly service: Pick<ServiceSpec, "name">;
}

/** The queue of a service's runs that failed for good. */
export interface FailedRuns {
  readonly arn: pulumi.Output<string>;
  /** Statement that allows putting runs into the queue. */
  readonly maySend: Statement;
}

/** The most that SQS takes: two weeks, in which an operator can look at a run and start it again. */
const retentionSeconds = 1_209_600;

/**
 * Makes the queue of a service's runs that failed for good, `${name}-failed`, and an alarm that goes off while it has
 * any.
 */
export function createFailedRuns(name: string, args: FailedRunsArgs, opts: pulumi.CustomResourceOptions): FailedRuns {
  const queue = new sqs.Queue(
    logicalName(`${name}-failed`, "queue"),
    { messageRetentionSeconds: retentionSeconds, sqsManagedSseEnabled: true },
    opts,
  );
  new sqs.QueuePolicy(
    `${name}-failed-tls`,
    {
      queueUrl: queue.url,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: queue.arn,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      }),
    },
    opts,
  );
  new cloudwatch.MetricAlarm(
    `${name}-failed-alarm`,
    {
      alarmDescription: `A scheduled run of ${args.service.name} failed for good; its event is in the queue`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queue.name },
      statistic: "Maximum",
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      ...alarmActions(args),
    },
    opts,
  );
  return { arn: queue.arn, maySend: allow(["sqs:SendMessage"], queue.arn) };
}
