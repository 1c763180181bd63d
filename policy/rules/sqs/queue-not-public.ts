import { isPublic, statements } from "../../core/iam";
import type { ResourceRule } from "../../core/rule";

export const queueNotPublic: ResourceRule = {
  scope: "resource",
  name: "queue-not-public",
  types: ["aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"],
  holds: "A queue's policy names who may use it.",
  why: "Anybody could read, or fill, the queue.",
  mend: "name the principals, or narrow it by source",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["SQS.3"], K: ["72", "168"] },
  check(queue, { report }) {
    if (statements(queue.props["policy"]).some(isPublic)) report(queue, "must name its principals, got *");
  },
};
