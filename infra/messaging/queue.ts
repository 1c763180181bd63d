import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { logicalName } from "../naming/names";
import { type AlarmTarget, alarmActions } from "../observability/alarm-actions";
import { type ResourceStatement, resourcePolicy, tlsOnly } from "../security/resource-policy";

/** An AWS service that puts messages into a queue by itself, on behalf of one resource. */
export interface QueueSender {
  readonly awsService: "s3.amazonaws.com" | "sns.amazonaws.com";
  /** ARN of the topic or bucket, or of several. */
  readonly sourceArn: pulumi.Input<string> | readonly pulumi.Input<string>[];
  readonly account: pulumi.Input<string>;
}

/** Arguments of `createQueue`. */
export interface QueueArgs {
  readonly messageRetentionSeconds: number;
  /** Seconds that a message is hidden after it was received. @default 30, SQS's own */
  readonly visibilityTimeoutSeconds?: number;
  /** @default a key of SQS, which only roles of the account can use */
  readonly keyArn?: pulumi.Input<string>;
  /** @default none: only roles of the account send */
  readonly senders?: readonly QueueSender[];
  /** Queue of the messages that were received too often. @default none */
  readonly deadLetters?: { readonly arn: pulumi.Input<string>; readonly maxReceiveCount: number };
}

/** A queue and its one policy. What makes AWS services send to it must depend on both, as they try it first. */
export interface QueueWithPolicy {
  readonly queue: sqs.Queue;
  readonly policy: sqs.QueuePolicy;
}

/** The most that SQS keeps a message: two weeks, in which people can look at it and send it again. */
export const longestRetentionSeconds = 1_209_600;

/** Makes an encrypted queue that answers by TLS only, and lets no AWS service but the given ones put messages into it. */
export function createQueue(name: string, args: QueueArgs, opts: pulumi.CustomResourceOptions): QueueWithPolicy {
  const { messageRetentionSeconds, visibilityTimeoutSeconds, keyArn, senders = [], deadLetters } = args;
  const queue = new sqs.Queue(
    logicalName(name, "queue"),
    {
      messageRetentionSeconds,
      ...(visibilityTimeoutSeconds === undefined ? {} : { visibilityTimeoutSeconds }),
      ...(keyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: keyArn }),
      ...(deadLetters === undefined
        ? {}
        : {
            redrivePolicy: pulumi.jsonStringify({
              deadLetterTargetArn: deadLetters.arn,
              maxReceiveCount: deadLetters.maxReceiveCount,
            }),
          }),
    },
    opts,
  );
  const policy = new sqs.QueuePolicy(
    `${name}-tls`,
    {
      queueUrl: queue.url,
      policy: resourcePolicy([tlsOnly("sqs:*", queue.arn), ...senders.map((sender) => maySend(sender, queue))]),
    },
    opts,
  );
  return { queue, policy };
}

function maySend({ awsService, sourceArn, account }: QueueSender, { arn }: sqs.Queue): ResourceStatement {
  return {
    Effect: "Allow",
    Principal: { Service: awsService },
    Action: "sqs:SendMessage",
    Resource: arn,
    Condition: { StringEquals: { "aws:SourceAccount": account }, ArnEquals: { "aws:SourceArn": sourceArn } },
  };
}

/** Makes the alarm that goes off while a queue of dead letters has any. @param description  what they are */
export function deadLetterAlarm(
  name: string,
  args: AlarmTarget & { readonly description: string; readonly queue: sqs.Queue },
  opts: pulumi.CustomResourceOptions,
): void {
  new cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: args.description,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: args.queue.name },
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
}
