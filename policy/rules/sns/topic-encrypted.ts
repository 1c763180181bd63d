import type { ResourceRule } from "../../core/rule";
import { peek } from "../../core/unknown";

export const topicEncrypted: ResourceRule = {
  scope: "resource",
  name: "topic-encrypted",
  types: ["aws:sns/topic:Topic"],
  holds: "Topics are encrypted.",
  why: "Messages are kept while a subscriber is down.",
  mend: "set kmsMasterKeyId",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["SNS.1"], K: ["26"] },
  check(topic, { report }) {
    const key = peek(() => topic.props["kmsMasterKeyId"]);
    if (key === undefined || key === "") report(topic, "must be encrypted, got no kmsMasterKeyId");
  },
};
