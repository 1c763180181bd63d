import { deniesPlain, statements } from "../../core/iam";
import type { StackRule } from "../../core/rule";

export const queueTls: StackRule = {
  scope: "stack",
  name: "queue-tls",
  types: ["aws:sqs/queue:Queue"],
  holds: "Queues refuse requests without TLS.",
  why: "The endpoint takes plain HTTP as well.",
  mend: "add a queue policy that denies where aws:SecureTransport is false",
  severity: "medium",
  level: "mandatory",
  ids: { N: ["SQS4"] },
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
  check(queue, { stack, report }) {
    const policies = [queue, ...stack.referrers(queue, "aws:sqs/queuePolicy:QueuePolicy", "queueUrl")];
    if (!policies.some((one) => statements(one.props["policy"]).some(deniesPlain)))
      report(queue, "must refuse requests without TLS, got no such statement");
  },
};
