import { isPublic, statements } from "../../core/iam";
import type { ResourceRule } from "../../core/rule";

export const topicNotPublic: ResourceRule = {
  scope: "resource",
  name: "topic-not-public",
  types: ["aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"],
  holds: "A topic's policy names who may use it.",
  why: "Anybody could publish alarms, or subscribe to them.",
  mend: "name the principals, or narrow it by source",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["SNS.4"], K: ["169"] },
  check(topic, { report }) {
    if (statements(topic.props["policy"]).some(isPublic)) report(topic, "must name its principals, got *");
  },
};
