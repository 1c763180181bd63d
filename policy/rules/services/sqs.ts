import { examples } from "../../network/examples";
import { isWatched } from "../../network/watched";
import type { Rule } from "../../pack/rule";
import { deniesPlain, isPublic, statements } from "../../stack/iam";
import { deadLetterQueueOf, eventTypes, functionsAt, isDeadLetterQueue, isSet } from "../../stack/invocations";
import { refusesPlain } from "../../stack/policies-of";
import { at, isTrue, json, number } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { hasManagedKey, refusedSenders, sendersTo } from "../../stack/senders";

const DAY = 86_400;
/** What SQS keeps at most. */
const LONGEST = 14 * DAY;

/** Policies that are given to a queue by its URL. */
const queuePolicy = "aws:sqs/queuePolicy:QueuePolicy";
/** What lets AWS services send to a queue. */
const mayBeSentTo = { actions: ["sqs:SendMessage"], policyType: queuePolicy, property: "queueUrl" };
/** Times that Lambda asks for at least: a function that is throttled counts as one that failed. */
const leastReceives = 5;

/** Rules for SQS. */
export const sqsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "queue-admits-senders",
    types: [eventTypes.queue],
    description:
      "The policy of a queue lets the AWS services send that subscriptions, rules and buckets make send to it.",
    rationale: "SNS and EventBridge discard a message that the queue refuses; its sender sees no error.",
    fix: "allow the AWS service sqs:SendMessage in the queue's policy",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",
    check(queue, { stack, report }) {
      for (const { awsService, resource } of refusedSenders(queue, sendersTo(queue, stack), mayBeSentTo, stack))
        report(
          queue,
          `must let ${awsService} send, as ${resource} needs it, got no statement that does`,
          `add a statement to its policy that allows ${awsService} sqs:SendMessage`,
        );
    },
  },
  {
    scope: "stack",
    name: "queue-dead-letter-alarm",
    types: [eventTypes.queue],
    description: "An alarm watches a dead-letter queue.",
    rationale: "Messages that no one looks at are deleted after some days, and no one knows that work was left undone.",
    fix: "add an aws.cloudwatch.MetricAlarm on ApproximateNumberOfMessagesVisible of the queue",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: {},
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/dead-letter-queues-alarms-cloudwatch.html",
    check(queue, { stack, report }) {
      if (isDeadLetterQueue(queue, stack) && !isWatched(queue, stack))
        report(queue, "must have an alarm, as it has what could not be delivered, got none");
    },
  },
  {
    scope: "stack",
    name: "queue-dead-letter-retention",
    types: [eventTypes.queue],
    description: "A dead-letter queue keeps messages longer than the queue they come from.",
    rationale: "A message is as old there as it was before, so that it is deleted before an operator sees it.",
    fix: "set messageRetentionSeconds of the dead-letter queue to 1209600, which is 14 days",
    severity: "medium",
    level: "production",
    ids: {},
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    check(queue, { stack, report }) {
      const letters = deadLetterQueueOf(queue, stack);
      if (letters === undefined || isTrue(queue.props["fifoQueue"])) return; // FIFO queues count from the move
      const [kept, before] = [retention(letters), retention(queue)];
      if (kept <= before && kept < LONGEST)
        report(
          letters,
          `must keep messages longer than ${queue}, got ${kept / DAY} days after ${before / DAY} days`,
          `set messageRetentionSeconds to ${LONGEST}`,
        );
    },
  },
  {
    scope: "stack",
    name: "queue-dead-letters",
    types: [eventTypes.queue],
    description: "Messages that the program's consumer cannot handle are moved to a dead-letter queue.",
    rationale: "A function or pipe otherwise gets them again and again, until SQS deletes them without a trace.",
    fix: "set redrivePolicy with deadLetterTargetArn and maxReceiveCount",
    severity: "medium",
    level: "mandatory",
    lowUnless: ["operated"],
    example: examples.queueDeadLetters,
    ids: { cdkNag: ["AwsSolutions-SQS3"] },
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    check(queue, { stack, report }) {
      // Who polls a queue decides itself when to delete a message; an event source deletes it only when it was handled.
      const isConsumed =
        stack.referrers(queue, eventTypes.mapping, "eventSourceArn").length > 0 ||
        stack.referrers(queue, eventTypes.pipe, "source").length > 0;
      const separate = stack.referrers(queue, eventTypes.redrive, "queueUrl").length > 0;
      if (isConsumed && !separate && !isSet(queue, "redrivePolicy") && !isDeadLetterQueue(queue, stack))
        report(
          queue,
          "must have a dead-letter queue, got no redrivePolicy",
          "set redrivePolicy to a document with deadLetterTargetArn, the ARN of an SQS queue, and maxReceiveCount",
        );
    },
  },
  {
    scope: "resource",
    name: "queue-encrypted",
    types: [eventTypes.queue],
    description: "A queue does not turn encryption off.",
    rationale: "SQS keeps messages on disk, and encrypts them unless the program refuses it.",
    fix: "set sqsManagedSseEnabled to true, or kmsMasterKeyId",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["SQS.1"], cdkNag: ["AwsSolutions-SQS2"], checkov: ["CKV_AWS_27"] },
    check(queue, { report }) {
      const { sqsManagedSseEnabled } = queue.props;
      const off = sqsManagedSseEnabled === false || sqsManagedSseEnabled === "false";
      if (off && !isSet(queue, "kmsMasterKeyId"))
        report(
          queue,
          "must be encrypted at rest, got sqsManagedSseEnabled false",
          "set sqsManagedSseEnabled to true, or kmsMasterKeyId",
        );
    },
  },
  {
    scope: "stack",
    name: "queue-key-for-services",
    types: [eventTypes.queue],
    description: "A queue that AWS services send to is not encrypted with the key alias/aws/sqs.",
    rationale: "Other AWS services may not use that key and its policy cannot be changed, so that no message arrives.",
    fix: "set kmsMasterKeyId to a key whose policy allows the service kms:Decrypt and kms:GenerateDataKey",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    check(queue, { stack, report }) {
      const [sender] = sendersTo(queue, stack);
      if (sender && hasManagedKey(queue))
        report(queue, `must have a key that ${sender.resource} may use, got kmsMasterKeyId "alias/aws/sqs"`);
    },
  },
  {
    scope: "resource",
    name: "queue-not-public",
    types: [eventTypes.queue, queuePolicy],
    description: "A queue's policy names who may use the queue.",
    rationale: "Any AWS account could otherwise read its messages, or fill it.",
    fix: "name the principals, or narrow the statement by a condition on account or source",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["SQS.3"], checkov: ["CKV_AWS_168"] },
    check(queue, { report }) {
      if (statements(queue.props["policy"]).some(isPublic))
        report(queue, 'must name who may use it in its policy, got Principal "*" without a condition');
    },
  },
  {
    scope: "stack",
    name: "queue-receive-count",
    types: [eventTypes.queue, eventTypes.redrive],
    description: "A message is received more than once before it is a dead letter.",
    rationale: "A consumer that is stopped or throttled otherwise turns good messages into dead letters.",
    fix: "set maxReceiveCount in redrivePolicy to 5 or more",
    severity: "medium",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check(source, { stack, report, advise }) {
      const most = number(at(json(source.props["redrivePolicy"]), "maxReceiveCount"));
      if (most === undefined || most >= leastReceives) return;
      const [queue] = source.type === eventTypes.queue ? [source] : stack.targets(source, "queueUrl", eventTypes.queue);
      const isRead = queue !== undefined && stack.referrers(queue, eventTypes.mapping, "eventSourceArn").length > 0;
      // One attempt is wrong for every consumer; five is what Lambda asks for.
      if (most <= 1)
        report(source, `must have a message received again before it is a dead letter, got maxReceiveCount ${most}`);
      else if (isRead)
        advise(source, `must have Lambda receive a message five times at least, got maxReceiveCount ${most}`);
    },
  },
  {
    scope: "stack",
    name: "queue-tls",
    types: [eventTypes.queue],
    description: "A queue refuses requests without TLS, where it has a policy or the program refuses them elsewhere.",
    rationale: "SQS also answers plain HTTP, over which messages can be read on the network.",
    fix: "add a queue policy that denies sqs:* where aws:SecureTransport is false",
    severity: "low",
    level: "advisory",
    ids: { cdkNag: ["AwsSolutions-SQS4"] },
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    check(queue, { stack, report }) {
      const policies = [queue, ...stack.referrers(queue, queuePolicy, "queueUrl")];
      if (!policies.some((one) => isSet(one, "policy")) && !refusesPlain(stack)) return;
      if (!policies.some((one) => statements(one.props["policy"]).some(deniesPlain)))
        report(queue, "must refuse requests without TLS, got no statement that denies them");
    },
  },
  {
    scope: "stack",
    name: "queue-visibility",
    types: [eventTypes.queue],
    description: "Messages of a queue stay invisible for six times as long as the function that reads it may run.",
    rationale: "A message otherwise becomes visible, and is handled twice, while Lambda still retries its batch.",
    fix: "raise visibilityTimeoutSeconds of the queue",
    severity: "medium",
    level: "production",
    ids: {},
    url: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check(queue, { stack, report, advise }) {
      const visibility = number(queue.props["visibilityTimeoutSeconds"]) ?? 30; // AWS's default
      for (const mapping of stack.referrers(queue, eventTypes.mapping, "eventSourceArn")) {
        const window = number(mapping.props["maximumBatchingWindowInSeconds"]) ?? 0;
        for (const lambda of functionsAt(mapping, "functionName", stack)) {
          const timeout = number(lambda.props["timeout"]) ?? 3; // AWS's default
          const least = 6 * timeout + window;
          // AWS refuses a function that may run for longer than that; six times is its advice.
          const say = visibility < timeout ? report : advise;
          if (visibility < least)
            say(
              queue,
              `must hide messages for ${least} s, six times the ${timeout} s of ${lambda}, got visibilityTimeoutSeconds ${visibility}`,
              `set visibilityTimeoutSeconds to ${least}`,
            );
        }
      }
    },
  },
];

function retention(queue: Resource): number {
  return number(queue.props["messageRetentionSeconds"]) ?? 4 * DAY; // AWS's default
}
