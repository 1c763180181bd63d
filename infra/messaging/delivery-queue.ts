import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmTarget, alarmActions } from "../observability/alarm-actions";
import { timeouts } from "../traffic/timeouts";
import { createQueue, deadLetterAlarm, longestRetentionSeconds, type QueueSender } from "./queue";

/** Arguments of `DeliveryQueue`. */
export interface DeliveryQueueArgs extends AlarmTarget {
  readonly keyArn: pulumi.Input<string>;
  /** What the messages are and who gets them, for alarms. @example "Changes of food-store for price-calculator" */
  readonly description: string;
  /** @default none: only roles of the account send */
  readonly senders?: readonly QueueSender[];
}

/** Days that a message waits for its service; dead letters wait longer, as their time counts from when they were sent. */
const retentionSeconds = 345_600;
/** Lambda asks for six times the function's time, so that a message is not handled twice while it waits for a free one. */
const visibilityFactor = 6;
/**
 * Times that a message is handed over until it is a dead letter: with the time between two of them, a service may be away
 * for a quarter of an hour. AWS asks for five at least.
 */
const maxReceiveCount = 10;
/** Age of the oldest message, in seconds, at which the alarm goes off. */
const alarmAgeSeconds = 600;

/**
 * A queue whose messages the platform hands to a route of a service, and the queue of its dead letters. It stays when the
 * pattern of the service changes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export class DeliveryQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly deadLetters: { readonly arn: pulumi.Output<string>; readonly url: pulumi.Output<string> };
  /** The policy without which senders are refused. */
  readonly policy: pulumi.Resource;

  constructor(name: string, args: DeliveryQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:DeliveryQueue", name, {}, opts);
    const { keyArn, senders = [] } = args;
    const own = { parent: this };
    const failed = createQueue(
      `${name}-failed`,
      { messageRetentionSeconds: longestRetentionSeconds, keyArn, senders: senders.filter(isTopic) },
      own,
    );
    const { queue, policy } = createQueue(
      name,
      {
        messageRetentionSeconds: retentionSeconds,
        visibilityTimeoutSeconds: visibilityFactor * timeouts.callerSeconds,
        keyArn,
        senders,
        deadLetters: { arn: failed.queue.arn, maxReceiveCount },
      },
      own,
    );
    new sqs.RedriveAllowPolicy(
      `${name}-failed-from`,
      {
        queueUrl: failed.queue.url,
        redriveAllowPolicy: pulumi.jsonStringify({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
      },
      own,
    );
    this.createAlarms(name, args, queue, failed.queue);
    this.arn = queue.arn;
    this.name = queue.name;
    this.url = queue.url;
    this.deadLetters = { arn: failed.queue.arn, url: failed.queue.url };
    this.policy = policy;
    this.registerOutputs({ arn: this.arn });
  }

  private createAlarms(name: string, args: DeliveryQueueArgs, queue: sqs.Queue, failed: sqs.Queue): void {
    const { description } = args;
    deadLetterAlarm(
      `${name}-failed-alarm`,
      { ...args, queue: failed, description: `${description} failed for good; they are in the queue` },
      { parent: this },
    );
    new cloudwatch.MetricAlarm(
      `${name}-late`,
      {
        alarmDescription: `${description} wait for longer than ${alarmAgeSeconds / 60} minutes`,
        namespace: "AWS/SQS",
        metricName: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: queue.name },
        statistic: "Maximum",
        period: 60,
        comparisonOperator: "GreaterThanThreshold",
        threshold: alarmAgeSeconds,
        evaluationPeriods: 3,
        treatMissingData: "notBreaching",
        ...alarmActions(args),
      },
      { parent: this },
    );
  }
}

/** A topic also puts into the queue of dead letters what it could not deliver. */
function isTopic({ awsService }: QueueSender): boolean {
  return awsService === "sns.amazonaws.com";
}
