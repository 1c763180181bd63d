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
    for (const one of statements(topic.props["policy"])) {
      if (isPublic(one)) report(topic, "must name its principals, got *");
      // EventBridge sends no source to a topic.
      const services = one.principals.filter(
        (name) => name.startsWith("Service:") && name !== "Service:events.amazonaws.com",
      );
      const narrowed = one.conditions.some((key) => /aws:source(account|arn|owner|orgid)$/.test(key));
      if (one.allow && services.length > 0 && !narrowed)
        report(
          topic,
          `must let services publish for this account only, got no aws:SourceAccount for ${services.join(", ")}`,
        );
    }
  },
};
