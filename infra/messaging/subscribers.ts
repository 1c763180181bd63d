import { createHash } from "node:crypto";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmTarget } from "../observability/alarm-actions";
import { createQueue, deadLetterAlarm, longestRetentionSeconds } from "./queue";
import { kindFilter } from "./subscription";

/** Who outside the platform is told of a service's changes. */
export interface Subscriber {
  readonly protocol: "https" | "email";
  /** URL or e-mail address. */
  readonly endpoint: string;
  /** Kinds of changes. @default all */
  readonly kinds?: readonly string[] | undefined;
}

/** Arguments of `createSubscribers`. */
export interface SubscribersArgs extends AlarmTarget {
  readonly account: pulumi.Input<string>;
  /** Service whose changes they are told of. */
  readonly service: string;
  readonly topicArn: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  readonly subscribers: readonly Subscriber[];
}

/**
 * How often SNS tries an endpoint that fails: at once, then with growing pauses, for about half an hour; after that the
 * message is a dead letter. Ten messages a second at most. Every field is given, as SNS would add the others.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
const deliveryPolicy = JSON.stringify({
  healthyRetryPolicy: {
    numRetries: 40,
    numNoDelayRetries: 1,
    numMinDelayRetries: 4,
    numMaxDelayRetries: 20,
    minDelayTarget: 2,
    maxDelayTarget: 60,
    backoffFunction: "exponential",
  },
  throttlePolicy: { maxReceivesPerSecond: 10 },
});

/**
 * Subscribes programs and people outside the platform to the changes of a service. Programs get SNS's own messages, whose
 * signature they can check; a message without SNS's envelope has none. Each has to confirm its subscription, and AWS drops
 * one that was not confirmed in two days, which the next `up` after a refresh makes again.
 * @param name  `<region>-<service>-changes`
 * @returns the URL of the queue of what programs did not take; undefined without a program
 */
export function createSubscribers(
  name: string,
  args: SubscribersArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const { service, topicArn, subscribers } = args;
  const programs = subscribers.filter(({ protocol }) => protocol === "https");
  const undelivered = programs.length === 0 ? undefined : createUndelivered(name, args, opts);
  for (const { protocol, endpoint, kinds } of subscribers) {
    new sns.TopicSubscription(
      `${name}-${protocol}-${createHash("sha256").update(endpoint).digest("hex").slice(0, 7)}`,
      {
        topic: topicArn,
        protocol,
        endpoint,
        ...kindFilter(kinds),
        ...(protocol === "https" && undelivered !== undefined
          ? { deliveryPolicy, redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: undelivered.queue.arn }) }
          : {}),
      },
      { ...opts, dependsOn: undelivered === undefined ? [] : [undelivered.policy] },
    );
  }
  if (undelivered === undefined) return undefined;
  deadLetterAlarm(
    `${name}-undelivered-alarm`,
    {
      alarmTopicArn: args.alarmTopicArn,
      queue: undelivered.queue,
      description: `Changes of ${service} did not reach an endpoint outside the platform; the queue has them`,
    },
    opts,
  );
  return undelivered.queue.url;
}

function createUndelivered(name: string, args: SubscribersArgs, opts: pulumi.CustomResourceOptions) {
  return createQueue(
    `${name}-undelivered-queue`,
    {
      messageRetentionSeconds: longestRetentionSeconds,
      keyArn: args.keyArn,
      senders: [{ awsService: "sns.amazonaws.com", sourceArn: args.topicArn, account: args.account }],
    },
    opts,
  );
}
