import { examples } from "../../network/examples";
import type { Rule } from "../../pack/rule";
import { deniesPlain, isNarrowed, isPublic, statements } from "../../stack/iam";
import { eventTypes, isSet } from "../../stack/invocations";
import { refusesPlain } from "../../stack/policies-of";
import { text } from "../../stack/read";
import { hasManagedKey, refusedSenders, sendersTo } from "../../stack/senders";

const topicPolicy = "aws:sns/topicPolicy:TopicPolicy";
/** What lets AWS services send to a topic. */
const mayBeSentTo = { actions: ["sns:Publish"], policyType: topicPolicy, property: "arn" };
/** Protocols whose receiver is a program; a message to a person is not worth a second delivery. */
const programs: readonly string[] = ["firehose", "http", "https", "lambda", "sqs"];

/** Rules for SNS. */
export const snsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "subscription-dead-letters",
    types: [eventTypes.subscription],
    description: "A subscription keeps the messages that it cannot deliver.",
    rationale: "SNS discards a message when its retries are over, and at once when the receiver refuses it.",
    fix: "set redrivePolicy with deadLetterTargetArn",
    severity: "medium",
    level: "production",
    example: examples.subscriptionDeadLetters,
    ids: {},
    url: "https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
    check(subscription, { report }) {
      const protocol = text(subscription.props["protocol"]);
      if (programs.includes(protocol) && !isSet(subscription, "redrivePolicy"))
        report(
          subscription,
          `must have a dead-letter queue for ${protocol}, got no redrivePolicy`,
          "set redrivePolicy to a document with deadLetterTargetArn, the ARN of an SQS queue",
        );
    },
  },
  {
    scope: "resource",
    name: "subscription-tls",
    types: [eventTypes.subscription],
    description: "Messages of a topic are delivered to a program by TLS.",
    rationale: "Over plain HTTP everyone on the way reads the messages, and the address that unsubscribes.",
    fix: "set protocol to https, and endpoint to a URL that begins with https://",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    check(subscription, { report }) {
      if (text(subscription.props["protocol"]) === "http")
        report(subscription, 'must deliver by TLS, got protocol "http"');
    },
  },
  {
    scope: "stack",
    name: "topic-admits-senders",
    types: [eventTypes.topic],
    description: "The policy of a topic lets AWS services publish that send to the topic: EventBridge, S3, and alarms.",
    rationale:
      "EventBridge discards an event that the topic refuses, S3 refuses the notification, and alarms tell no one.",
    fix: "allow the AWS service sns:Publish in the topic's policy",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
    check(topic, { stack, report }) {
      const policies = [topic, ...stack.referrers(topic, topicPolicy, "arn")];
      // The policy that a topic has by default lets alarms of the account publish; one of its own takes its place.
      const isOwn = policies.some((one) => isSet(one, "policy"));
      const senders = sendersTo(topic, stack).filter(
        ({ awsService }) => isOwn || awsService !== "cloudwatch.amazonaws.com",
      );
      for (const { awsService, resource } of refusedSenders(topic, senders, mayBeSentTo, stack))
        report(
          topic,
          `must let ${awsService} publish, as ${resource} sends to it, got no statement that does`,
          `add a statement to its policy that allows ${awsService} sns:Publish`,
        );
    },
  },
  {
    scope: "stack",
    name: "topic-encrypted",
    types: [eventTypes.topic],
    description: "In a program with KMS keys, a topic is encrypted with one of them.",
    rationale: "SNS encrypts its disks by itself, but only a KMS key shows and limits who can read messages.",
    fix: "set kmsMasterKeyId",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["SNS.1"], checkov: ["CKV_AWS_26"] },
    check(topic, { stack, report }) {
      if (stack.of("aws:kms/key:Key").length > 0 && !isSet(topic, "kmsMasterKeyId"))
        report(topic, "must be encrypted with a KMS key, got no kmsMasterKeyId");
    },
  },
  {
    scope: "stack",
    name: "topic-key-for-services",
    types: [eventTypes.topic],
    description: "A topic that alarms or events are sent to is not encrypted with the key alias/aws/sns.",
    rationale: "AWS services may not use that key and its policy cannot be changed, so that no message arrives.",
    fix: "set kmsMasterKeyId to a key whose policy allows the service kms:Decrypt and kms:GenerateDataKey",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    check(topic, { stack, report }) {
      const [publisher] = sendersTo(topic, stack);
      if (publisher && hasManagedKey(topic))
        report(topic, `must have a key that ${publisher.resource} may use, got kmsMasterKeyId "alias/aws/sns"`);
    },
  },
  {
    scope: "resource",
    name: "topic-not-public",
    types: [eventTypes.topic, topicPolicy],
    description: "A topic's policy names who may use the topic.",
    rationale: "Any AWS account could otherwise publish false alarms, or subscribe to messages.",
    fix: "name the principals, or narrow the statement by a condition on account or source",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["SNS.4"], checkov: ["CKV_AWS_169"] },
    check(topic, { report, advise }) {
      for (const one of statements(topic.props["policy"])) {
        if (isPublic(one))
          report(topic, 'must name who may use it in its policy, got Principal "*" without a condition');
        // EventBridge sends no source to a topic.
        const services = one.principals.filter(
          (name) => name.startsWith("Service:") && name !== "Service:events.amazonaws.com",
        );
        if (one.allow && services.length > 0 && !isNarrowed(one)) {
          const names = services.map((name) => name.slice("Service:".length)).join(", ");
          // The service would have to be made to publish by another account, which knows the topic's ARN.
          advise(
            topic,
            `must let ${names} publish for this account only, got no aws:SourceAccount`,
            "add a condition on aws:SourceAccount to the statement",
          );
        }
      }
    },
  },
  {
    scope: "stack",
    name: "topic-tls",
    types: [eventTypes.topic],
    description: "A topic refuses requests without TLS, where it has a policy or the program refuses them elsewhere.",
    rationale: "SNS also answers plain HTTP, over which messages can be read on the network.",
    fix: "add a topic policy that denies sns:Publish where aws:SecureTransport is false",
    severity: "low",
    level: "advisory",
    ids: { cdkNag: ["AwsSolutions-SNS3"] },
    url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    check(topic, { stack, report }) {
      const policies = [topic, ...stack.referrers(topic, topicPolicy, "arn")];
      if (!policies.some((one) => isSet(one, "policy")) && !refusesPlain(stack)) return;
      if (!policies.some((one) => statements(one.props["policy"]).some(deniesPlain)))
        report(topic, "must refuse requests without TLS, got no statement that denies them");
    },
  },
];
