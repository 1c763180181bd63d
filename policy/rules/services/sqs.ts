import { examples } from "../../network/examples";
import type { Rule } from "../../pack/rule";
import { deniesPlain, isPublic, statements } from "../../stack/iam";
import { deadLetterQueueOf, eventTypes, functionsAt, isDeadLetterQueue, isSet } from "../../stack/invocations";
import { refusesPlain } from "../../stack/policies-of";
import { isTrue, number } from "../../stack/read";
import type { Resource } from "../../stack/resource";

const DAY = 86_400;
/** What SQS keeps at most. */
const LONGEST = 14 * DAY;

/** Rules for SQS. */
export const sqsRules: readonly Rule[] = [
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
    scope: "resource",
    name: "queue-not-public",
    types: [eventTypes.queue, "aws:sqs/queuePolicy:QueuePolicy"],
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
      const policies = [queue, ...stack.referrers(queue, "aws:sqs/queuePolicy:QueuePolicy", "queueUrl")];
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
