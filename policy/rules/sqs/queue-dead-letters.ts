import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

export const queueDeadLetters: StackRule = {
  scope: "stack",
  name: "queue-dead-letters",
  types: ["aws:sqs/queue:Queue"],
  holds: "Messages that cannot be handled end in a queue of their own.",
  why: "They come back for ever otherwise, before all others.",
  mend: "set redrivePolicy with deadLetterTargetArn",
  severity: "medium",
  level: "mandatory",
  ids: { N: ["SQS3"] },
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
};
