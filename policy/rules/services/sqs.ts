import type { Rule } from "../../pack/rule";
import { deniesPlain, isPublic, statements } from "../../stack/iam";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Rules for SQS. */
export const sqsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "queue-dead-letters",
    types: ["aws:sqs/queue:Queue"],
    description: "Messages that cannot be handled end in a queue of their own.",
    rationale: "They come back for ever otherwise, before all others.",
    fix: "set redrivePolicy with deadLetterTargetArn",
    severity: "medium",
    level: "mandatory",
    ids: { cdkNag: ["AwsSolutions-SQS3"] },
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    check(queue, { stack, report }) {
      const own = peek(() => queue.props["redrivePolicy"]);
      const separate = stack.referrers(queue, "aws:sqs/redrivePolicy:RedrivePolicy", "queueUrl").length > 0;
      if (separate || (own !== undefined && own !== "")) return;
      const isTarget = stack.memo("dead-letter queues", () => {
        const urns = new Set<string>();
        for (const one of stack.of(
          "aws:sqs/queue:Queue",
          "aws:sqs/redrivePolicy:RedrivePolicy",
          T.function,
          "aws:sns/topicSubscription:TopicSubscription",
        )) {
          for (const key of ["redrivePolicy", "deadLetterConfig"]) for (const urn of one.dependsOn(key)) urns.add(urn);
        }
        return urns;
      });
      const allows = peek(() => queue.props["redriveAllowPolicy"]) !== undefined;
      if (!isTarget.has(queue.urn) && !allows) report(queue, "must have a dead-letter queue, got no redrivePolicy");
    },
  },
  {
    scope: "resource",
    name: "queue-encrypted",
    types: ["aws:sqs/queue:Queue"],
    description: "Queues are encrypted.",
    rationale: "Messages wait on disk.",
    fix: "set sqsManagedSseEnabled to true, or kmsMasterKeyId",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["SQS.1"], cdkNag: ["AwsSolutions-SQS2"], checkov: ["CKV_AWS_27"] },
    check(queue, { report }) {
      const { sqsManagedSseEnabled } = queue.props;
      const key = peek(() => queue.props["kmsMasterKeyId"]);
      const off = sqsManagedSseEnabled === false || sqsManagedSseEnabled === "false";
      // SQS encrypts new queues with its own key unless told not to.
      if (off && (key === undefined || key === "")) report(queue, "must be encrypted, got sqsManagedSseEnabled false");
    },
  },
  {
    scope: "resource",
    name: "queue-not-public",
    types: ["aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"],
    description: "A queue's policy names who may use it.",
    rationale: "Anybody could read, or fill, the queue.",
    fix: "name the principals, or narrow it by source",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["SQS.3"], checkov: ["CKV_AWS_72", "CKV_AWS_168"] },
    check(queue, { report }) {
      if (statements(queue.props["policy"]).some(isPublic)) report(queue, "must name its principals, got *");
    },
  },
  {
    scope: "stack",
    name: "queue-tls",
    types: ["aws:sqs/queue:Queue"],
    description: "Queues refuse requests without TLS.",
    rationale: "The endpoint takes plain HTTP as well.",
    fix: "add a queue policy that denies where aws:SecureTransport is false",
    severity: "medium",
    level: "mandatory",
    ids: { cdkNag: ["AwsSolutions-SQS4"] },
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    check(queue, { stack, report }) {
      const policies = [queue, ...stack.referrers(queue, "aws:sqs/queuePolicy:QueuePolicy", "queueUrl")];
      if (!policies.some((one) => statements(one.props["policy"]).some(deniesPlain)))
        report(queue, "must refuse requests without TLS, got no such statement");
    },
  },
];
