import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of `subscribeQueue`. */
export interface QueueSubscriptionArgs {
  readonly topicArn: pulumi.Input<string>;
  readonly queueArn: pulumi.Input<string>;
  /** Queue of what could not be delivered. */
  readonly deadLettersArn: pulumi.Input<string>;
  /** Kinds of changes that are delivered. @default all */
  readonly kinds?: readonly string[] | undefined;
}

/** Subscribes a queue to the changes of a service. Its messages are the changes themselves, without SNS's envelope. */
export function subscribeQueue(
  name: string,
  { topicArn, queueArn, deadLettersArn, kinds }: QueueSubscriptionArgs,
  opts: pulumi.CustomResourceOptions,
): sns.TopicSubscription {
  return new sns.TopicSubscription(
    name,
    {
      topic: topicArn,
      protocol: "sqs",
      endpoint: queueArn,
      rawMessageDelivery: true,
      redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLettersArn }),
      ...kindFilter(kinds),
    },
    opts,
  );
}

/** Returns the inputs of a subscription that lets only some kinds of changes through. Pipes set no message attributes. */
export function kindFilter(kinds: readonly string[] | undefined) {
  if (kinds === undefined) return {};
  return { filterPolicy: JSON.stringify({ kind: kinds }), filterPolicyScope: "MessageBody" };
}
