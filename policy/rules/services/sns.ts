import type { Rule } from "../../pack/rule";
import { deniesPlain, isPublic, statements } from "../../stack/iam";
import { peek } from "../../stack/unknown";

/** Rules for SNS. */
export const snsRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "topic-encrypted",
    types: ["aws:sns/topic:Topic"],
    description: "Topics are encrypted.",
    rationale: "Messages are kept while a subscriber is down.",
    fix: "set kmsMasterKeyId",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["SNS.1"], checkov: ["CKV_AWS_26"] },
    check(topic, { report }) {
      const key = peek(() => topic.props["kmsMasterKeyId"]);
      if (key === undefined || key === "") report(topic, "must be encrypted, got no kmsMasterKeyId");
    },
  },
  {
    scope: "resource",
    name: "topic-not-public",
    types: ["aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"],
    description: "A topic's policy names who may use it.",
    rationale: "Anybody could publish alarms, or subscribe to them.",
    fix: "name the principals, or narrow it by source",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["SNS.4"], checkov: ["CKV_AWS_169"] },
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
  },
  {
    scope: "stack",
    name: "topic-tls",
    types: ["aws:sns/topic:Topic"],
    description: "Topics refuse publishing without TLS.",
    rationale: "The endpoint takes plain HTTP as well.",
    fix: "add a topic policy that denies where aws:SecureTransport is false",
    severity: "medium",
    level: "mandatory",
    ids: { cdkNag: ["AwsSolutions-SNS3"] },
    url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    check(topic, { stack, report }) {
      const policies = [topic, ...stack.referrers(topic, "aws:sns/topicPolicy:TopicPolicy", "arn")];
      if (!policies.some((one) => statements(one.props["policy"]).some(deniesPlain)))
        report(topic, "must refuse publishing without TLS, got no such statement");
    },
  },
];
