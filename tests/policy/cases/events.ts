import type { Case } from "../case";

export const eventCases: Readonly<Record<string, Case>> = {
  "event-bus-not-public": {
    world: "events",
    change: [["bus-policy", "policy.Statement.0.Principal", "*"]],
    on: "bus-policy",
    says: 'EventBridge event bus policy "bus-policy" must name who may send events to the bus, got Principal "*" without a condition',
  },
  "event-dead-letters": {
    world: "events",
    change: [["target", "deadLetterConfig"]],
    on: "target",
    says: 'EventBridge event target "target" must have a dead-letter queue, got no deadLetterConfig.arn',
  },
  "event-retries": {
    world: "events",
    change: [["schedule", "target.retryPolicy"]],
    on: "schedule",
    says: 'EventBridge Scheduler schedule "schedule" must say for how long events are retried, got no retryPolicy',
  },
  "firehose-error-logs": {
    world: "stores",
    change: [["stream", "extendedS3Configuration.cloudwatchLoggingOptions.enabled", false]],
    on: "stream",
    says: 'Data Firehose delivery stream "stream" must log delivery errors, got no cloudwatchLoggingOptions.enabled',
  },
  "firehose-failed-records": {
    world: "stores",
    change: [["stream", "extendedS3Configuration.errorOutputPrefix"]],
    on: "stream",
    says: 'Data Firehose delivery stream "stream" must keep records that fail apart from the others, got no errorOutputPrefix',
  },
  "function-async-retries": {
    world: "events",
    change: [
      ["mailer-invocations", "maximumEventAgeInSeconds"],
      ["mailer-invocations", "maximumRetryAttempts"],
    ],
    on: "mailer",
    says: 'Lambda function "mailer" must say for how long events are retried, got no maximumEventAgeInSeconds',
  },
  "function-failure-destination": {
    world: "events",
    change: [["mailer-invocations", "destinationConfig"]],
    on: "mailer",
    says: 'Lambda function "mailer" must keep events of events.amazonaws.com, s3.amazonaws.com that fail, got no destinationConfig.onFailure',
  },
  "mapping-partial-batch": {
    world: "events",
    change: [["worker-mapping", "functionResponseTypes"]],
    on: "worker-mapping",
    says: 'Lambda event source mapping "worker-mapping" must report the failed messages of a batch of 10, got no ReportBatchItemFailures',
  },
  "pipe-failures": {
    world: "events",
    change: [["pipe", "sourceParameters.dynamodbStreamParameters.deadLetterConfig"]],
    on: "pipe",
    says: 'EventBridge Pipes pipe "pipe" must give up on records that fail and keep them, got no deadLetterConfig.arn',
  },
  "queue-dead-letter-retention": {
    world: "events",
    change: [["failed", "messageRetentionSeconds", 345600]],
    on: "failed",
    says: 'SQS queue "failed" must keep messages longer than SQS queue "orders", got 4 days after 4 days',
  },
  "queue-visibility": {
    world: "events",
    change: [["orders", "visibilityTimeoutSeconds", 30]],
    on: "orders",
    says: 'SQS queue "orders" must hide messages for 65 s, six times the 10 s of Lambda function "worker", got visibilityTimeoutSeconds 30',
  },
  "subscription-dead-letters": {
    world: "events",
    change: [["subscription", "redrivePolicy"]],
    on: "subscription",
    says: 'SNS topic subscription "subscription" must have a dead-letter queue for sqs, got no redrivePolicy',
  },
  "topic-key-for-services": {
    world: "events",
    change: [["alarms", "kmsMasterKeyId", "alias/aws/sns"]],
    on: "alarms",
    says: 'SNS topic "alarms" must have a key that CloudWatch metric alarm "worker-alarm" may use, got kmsMasterKeyId "alias/aws/sns"',
  },
  "web-acl-log-destination": {
    world: "publicEdge",
    change: [["acl-log", "logDestinationConfigs", ["arn:aws:logs:eu-west-1:123456789012:log-group:front"]]],
    on: "acl-log",
    says: 'WAF web ACL logging configuration "acl-log" must log to a destination whose name begins with aws-waf-logs-, got "arn:aws:logs:eu-west-1:123456789012:log-group:front"',
  },
  "web-acl-log-redaction": {
    world: "publicEdge",
    change: [["acl-log", "redactedFields"]],
    on: "acl-log",
    says: 'WAF web ACL logging configuration "acl-log" must leave out the authorization header, got it in the log',
  },
};
