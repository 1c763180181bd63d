import { deniesPlain, statements } from "../../core/iam";
import type { StackRule } from "../../core/rule";

export const topicTls: StackRule = {
  scope: "stack",
  name: "topic-tls",
  types: ["aws:sns/topic:Topic"],
  holds: "Topics refuse publishing without TLS.",
  why: "The endpoint takes plain HTTP as well.",
  mend: "add a topic policy that denies where aws:SecureTransport is false",
  severity: "medium",
  level: "mandatory",
  ids: { N: ["SNS3"] },
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
  check(topic, { stack, report }) {
    const policies = [topic, ...stack.referrers(topic, "aws:sns/topicPolicy:TopicPolicy", "arn")];
    if (!policies.some((one) => statements(one.props["policy"]).some(deniesPlain)))
      report(topic, "must refuse publishing without TLS, got no such statement");
  },
};
